invitation-subject = { $publisher }에서 동의를 요청합니다
invitation-body =
    { $publisher }에서 귀 조직에 제품 라이선스를 제공할 수 있도록 동의를 요청합니다.

    귀 조직의 전역 관리자 또는 청구 관리자가 수락할 수 있습니다. 수락하기 전에는 아무 관계도 성립하지 않습니다. 이 링크는 한 조직에서만, { $days }일 동안 사용할 수 있습니다.
invitation-action = 요청 내용 확인하고 결정하기
