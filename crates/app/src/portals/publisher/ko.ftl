# 이 포털의 탐색 메뉴와 홈.
name = 퍼블리셔
home = 홈
offers = 제품
deals = 거래
leads = 잠재 고객
customers = 고객
insights = 라이선스 대시보드
home-title = 퍼블리셔 포털
home-welcome = { $name }에서 판매하는 제품을 여기에서 관리합니다.
