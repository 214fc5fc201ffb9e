# 내일 거부될 사용자.
title = 거부될 사용자
lead = 요금제가 기록만 하기 때문에 라이선스 없이 사용하는 사용자와 곧 라이선스 사용이 끝나는 사용자입니다.
lead-customers = 요금제가 기록만 하기 때문에 라이선스 없이 사용하는 고객의 사용자 수와 곧 라이선스 사용이 끝나는 사용자 수입니다.
tabs = 보고서
tab-licenses = 라이선스
tab-enforcement = 거부될 사용자
since = 라이선스 없음
last-days = 최근 { $count }일
ends-within = 사용 종료
next-days = { $count }일 이내
show = 보기
refreshed = { $name } 기준입니다.
empty-title = 거부될 사용자가 없습니다
empty-text = 선택한 기간에 라이선스 없이 사용한 사람이 없고, 라이선스 사용이 끝나는 사람도 없습니다.
empty-text-customers = 선택한 기간에 라이선스 없이 요금제를 사용한 고객의 사용자가 없고, 라이선스 사용이 끝나는 사용자도 없습니다.
csv = CSV로 내려받기
waived-users = { $count ->
    [0] 라이선스 없이 사용한 사람이 없습니다.
   *[other] 라이선스 없이 사용한 사람이 { $count }명입니다.
}
ending-users = { $count ->
    [0] 라이선스 사용이 끝나는 사람이 없습니다.
   *[other] 라이선스 사용이 끝나는 사람이 { $count }명입니다.
}
user = 사용자
why = 구분
reason = 이유
at = 시각
kind-waived = 라이선스 없음
kind-ending = 사용 종료
reason-no_seat = 필요한 요금제의 라이선스가 사용자에게 없음
reason-no_license = 필요한 요금제의 라이선스가 조직에 없음
reason-suspended = 라이선스가 종료되어 할당만 유지되는 중
reason-waiting = 라이선스를 기다리는 중
reason-user_unknown = 활성 사용자가 아니었음
reason-service_unknown = 판매 중인 요금제가 아니었음
reason-active = 끝날 때까지 사용 가능
reason-warning = 당분간만 사용 가능
more-users = CSV 파일에 사용자 { $count }명이 더 있습니다.
customer = 고객
product = 제품
last-waived = 마지막 사용일
first-ends = 처음 종료일
