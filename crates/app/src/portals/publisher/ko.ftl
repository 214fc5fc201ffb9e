# 이 포털의 탐색 메뉴, 홈, 계정 페이지.
name = 퍼블리셔
home = 홈
offers = 제품
deals = 거래
leads = 잠재 고객
customers = 고객
insights = 라이선스 대시보드
account = 계정
home-title = 퍼블리셔 포털
home-lead = { $name }에서 판매하는 제품을 여기에서 관리합니다.
attention = 확인이 필요한 항목
calm = 지금 확인할 항목이 없습니다.
next = 할 수 있는 작업
new-offer = 새 제품
register = 거래 등록
invite = 고객 초대
first-offer-title = 첫 제품을 만들어 보세요
first-offer-text = 제품은 요금제를 담은 판매 단위입니다. 내용을 채우고 인증을 거쳐 게시하면 판매됩니다.
need-sent-back = { $name }: 인증에서 돌아왔습니다. { $count ->
    [0] 고친 뒤 다시 게시하세요
   *[other] { $count }가지를 고친 뒤 다시 게시하세요
 }
need-mending = { $name }: 유효성 검사를 통과하지 못했습니다. { $count ->
    [0] 고친 뒤 다시 게시하세요
   *[other] { $count }가지를 고친 뒤 다시 게시하세요
 }
need-preview = { $name }: 인증되었습니다. 미리 보기를 확인하고 게시를 완료하세요
need-draft = { $name }: 초안입니다. { $count ->
    [0] 모든 페이지가 완료되었으니 검토하고 게시하세요
   *[other] 페이지 { $count }개를 더 채워야 합니다
 }
need-deal = { $name }: 거래를 수정해 다시 제출해야 합니다
need-licenses = 라이선스 추가 요청이 { $count }건 있습니다
need-leads = 새 잠재 고객이 { $count }명 있습니다
need-more-offers = 확인할 제품이 더 있습니다. 전체 보기
need-more-deals = 수정할 거래가 더 있습니다. 전체 보기
account-lead = 마켓플레이스에 등록된 조직 정보와 조직을 대신해 일하는 사람들입니다.
organisation = 조직
publisher-id = 퍼블리셔 ID
tenant-id = 테넌트 ID
country = 국가 또는 지역
people = 사용자 및 역할
text-people = 조직에서 로그인하는 사람과 각자의 권한입니다.
open-people = 사용자 열기
clients = API 클라이언트
text-clients = 조직을 대신해 동작하는 프로그램입니다. 저마다 비밀과 범위가 있습니다.
open-clients = API 클라이언트 열기
audit = 감사
text-audit = 누가, 어디에서, 언제, 무엇을 변경했는지 보여 줍니다.
open-audit = 감사 기록 열기
