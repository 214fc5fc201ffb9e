# A new password for whoever forgot theirs.
forgotten-title = 비밀번호 찾기
forgotten-lead = 새 비밀번호를 정할 수 있는 링크를 메일로 보내 드립니다.
send = 링크 받기
sent = 이 주소로 로그인할 수 있는 계정이 있으면 링크를 보냈습니다. 링크는 한 시간 동안 유효합니다.
field-email = 메일 주소
reset-title = 새 비밀번호 정하기
reset-for = { $organisation }의 { $email } 계정입니다. 변경하면 모든 기기에서 로그아웃되고 액세스 토큰이 종료됩니다.
reset = 비밀번호 변경
reset-done = 비밀번호가 변경되었습니다. 새 비밀번호로 로그인해 주세요.
over-title = 더 이상 쓸 수 없는 링크입니다
over-text = 이미 사용했거나, 더 나중에 받은 링크가 있거나, 한 시간이 지났습니다.
again = 새 링크 받기
field-new-password = 새 비밀번호
field-new-password-help = 10자 이상이어야 합니다. 문장으로 만들면 외우기 쉽고 알아내기 어렵습니다.
field-repeated-password = 새 비밀번호 확인
