# 페이지와 메일로 알리는 내용: -subject, -body(문단 사이는 빈 줄), -action.

# 모든 메일의 끝.
choose-mails = 메일로 받을 알림 선택

submission-failed-subject = { $offer }: 확인이 필요합니다
submission-failed-body =
    { $offer } 제출이 통과하지 못했습니다. 발견된 문제는 다음과 같습니다.

    { $findings }

    문제를 고친 뒤 다시 게시해 주세요. 횟수에는 제한이 없습니다.
submission-failed-action = 발견된 문제 보기

submission-certified-subject = { $offer }: 인증이 끝나 출시할 수 있습니다
submission-certified-body =
    { $offer } 인증이 완료되었습니다. 미리 보기를 확인해 주세요.

    아직 판매 중이 아닙니다. 문제가 없으면 ‘출시’를 눌러 승인해 주세요.
submission-certified-action = 미리 보고 출시하기

offer-live-subject = { $offer }: 출시되었습니다
offer-live-body =
    { $offer } 판매가 시작되었습니다.
offer-live-action = 제품 열기

offer-stopped-subject = { $offer }: 판매가 중지되었습니다
offer-stopped-body =
    { $offer } 항목이 스토어에서 내려갔습니다. 라이선스와 설치는 그대로 유지됩니다.

    다시 게시하면 판매가 재개됩니다.
offer-stopped-action = 제품 열기

license-granted-customer-subject = { $other }에서 { $service } 라이선스 { $quantity }개를 부여했습니다
license-granted-customer-body =
    { $other }에서 귀 조직에 { $service } 라이선스를 부여했습니다. 이전 { $before }개, 현재 { $quantity }개입니다.

    모두 합해 { $total }개를 사용할 수 있습니다. 이제 사용자에게 할당할 수 있습니다.
license-granted-customer-action = 라이선스 할당

license-reduced-customer-subject = { $other }에서 { $service } 라이선스를 { $quantity }개로 줄였습니다
license-reduced-customer-body =
    { $other }에서 귀 조직의 { $service } 라이선스를 줄였습니다. 이전 { $before }개, 현재 { $quantity }개입니다.

    모두 합해 { $total }개를 사용할 수 있습니다.
license-reduced-customer-action = 라이선스 보기

license-removed-customer-subject = { $other }에서 { $service } 라이선스를 제거했습니다
license-removed-customer-body =
    { $other }에서 귀 조직의 { $service } 라이선스 { $before }개를 제거했습니다.

    모두 합해 { $total }개를 사용할 수 있습니다.
license-removed-customer-action = 라이선스 보기

license-granted-publisher-subject = { $other }: { $service } 라이선스 { $quantity }개
license-granted-publisher-body =
    { $other }에 { $service } 라이선스가 부여되었습니다. 이전 { $before }개, 현재 { $quantity }개입니다.

    모두 합해 { $total }개입니다.
license-granted-publisher-action = 거래 보기

license-reduced-publisher-subject = { $other }: { $service } 라이선스가 { $quantity }개로 줄었습니다
license-reduced-publisher-body =
    { $other }의 { $service } 라이선스가 줄었습니다. 이전 { $before }개, 현재 { $quantity }개입니다.

    모두 합해 { $total }개입니다.
license-reduced-publisher-action = 거래 보기

license-removed-publisher-subject = { $other }: { $service } 라이선스가 제거되었습니다
license-removed-publisher-body =
    { $other }의 { $service } 라이선스 { $before }개가 제거되었습니다.

    모두 합해 { $total }개입니다.
license-removed-publisher-action = 거래 보기

webhook-disabled-subject = 웹후크가 꺼졌습니다
webhook-disabled-body =
    { $url } 주소로 더 이상 보내지 않습니다. { $because ->
        [gone] 엔드포인트가 410 Gone으로 응답했습니다.
        [three-days] 3일 동안 아무것도 전달되지 않았습니다.
        [five-days] 5일 동안 아무것도 전달되지 않았습니다.
       *[other] { $because }
    }

    엔드포인트를 고친 뒤 웹후크를 다시 켜 주세요. 대기 중인 항목이 전송되며, 지난 이벤트도 다시 보낼 수 있습니다.
webhook-disabled-action = 웹후크 열기

password-set-subject = 관리자가 내 비밀번호를 설정했습니다
password-set-body =
    조직의 관리자가 이 계정의 새 비밀번호를 설정했습니다. 이 계정의 모든 세션과 토큰이 종료되었습니다.

    로그인한 뒤 본인만 아는 비밀번호로 변경해 주세요. 직접 요청한 일이 아니라면 관리자에게 문의해 주세요.
password-set-action = 비밀번호 변경

license-over-customer-subject = { $service }: 라이선스보다 사용 중인 자리가 { $over }개 많습니다
license-over-customer-body =
    { $other }에서 귀 조직의 { $service } 라이선스를 줄였습니다. 이전 { $before }개, 현재 { $quantity }개입니다.

    모두 합해 { $total }개인데, 이를 넘어 사용 중인 자리가 { $over }개 있습니다. 이 자리는 유예 기간에만 사용할 수 있으며, 그동안 새로 할당할 수 없습니다.

    필요하지 않은 사용자의 자리를 해제하거나 { $other }에 추가 라이선스를 요청해 주세요.
license-over-customer-action = 라이선스 보기

license-ending-customer-subject = { $service } 라이선스가 곧 종료됩니다({ $day })
license-ending-customer-body =
    { $other }에서 부여한 { $service } 라이선스 { $quantity }개가 계약과 함께 { $day } 0시(UTC)에 종료됩니다.

    계속 필요하면 { $other }에 갱신을 요청해 주세요.
license-ending-customer-action = 라이선스 보기

license-ending-publisher-subject = { $other }: { $service } 라이선스가 곧 종료됩니다({ $day })
license-ending-publisher-body =
    { $other }의 { $service } 라이선스 { $quantity }개가 계약과 함께 { $day } 0시(UTC)에 종료됩니다.
license-ending-publisher-action = 거래 보기

license-ended-customer-subject = { $service } 라이선스가 종료되었습니다
license-ended-customer-body =
    { $other }에서 부여한 { $service } 라이선스 { $quantity }개가 계약과 함께 종료되었습니다.

    모두 합해 { $total }개를 사용할 수 있습니다.
license-ended-customer-action = 라이선스 보기

license-ended-over-customer-subject = { $service } 라이선스가 종료되어 자리 { $over }개가 초과되었습니다
license-ended-over-customer-body =
    { $other }에서 부여한 { $service } 라이선스 { $quantity }개가 계약과 함께 종료되었습니다.

    모두 합해 { $total }개인데, 이를 넘어 사용 중인 자리가 { $over }개 있습니다. 이 자리는 유예 기간에만 사용할 수 있습니다.

    필요하지 않은 사용자의 자리를 해제하거나 { $other }에 갱신을 요청해 주세요.
license-ended-over-customer-action = 라이선스 보기

license-ended-publisher-subject = { $other }: { $service } 라이선스가 종료되었습니다
license-ended-publisher-body =
    { $other }의 { $service } 라이선스 { $quantity }개가 계약과 함께 종료되었습니다.

    모두 합해 { $total }개입니다.
license-ended-publisher-action = 거래 보기

seat-requested-subject = { $name } 님이 { $service } 자리를 요청했습니다
seat-requested-body =
    { $name } 님이 { $service } 자리를 요청했습니다.

    { $said }

    요청을 승인하거나 거절해 주세요.
seat-requested-action = 요청 보기

seat-granted-subject = { $service } 자리가 할당되었습니다
seat-granted-body =
    { $name } 님, 요청이 승인되어 { $service } 자리가 할당되었습니다.
seat-granted-action = 내 라이선스

seat-declined-subject = { $service } 자리 요청이 거절되었습니다
seat-declined-body =
    { $name } 님, { $service } 자리 요청이 거절되었습니다.

    { $said }
seat-declined-action = 내 라이선스
