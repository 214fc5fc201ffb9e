# A link to a new password: -subject, -body with an empty line between paragraphs, -action.

reset-subject = { $organisation } 계정의 새 비밀번호
reset-body =
    { $name } 님, { $organisation } 계정의 새 비밀번호를 요청받았습니다. { $minutes }분 안에 새 비밀번호를 정하세요.
    이 계정으로 로그인한 모든 기기와 프로그램에서 로그아웃됩니다.

    직접 요청하지 않았다면 아무것도 하지 않아도 됩니다. 비밀번호는 바뀌지 않습니다.
reset-action = 새 비밀번호 정하기
