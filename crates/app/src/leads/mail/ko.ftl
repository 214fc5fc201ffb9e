lead-subject = { $offer } 문의: { $company } { $name } 님
lead-body =
    { $company }의 { $name } 님이 { $offer }({ $address })에 대한 연락에 동의했습니다.

    이메일: { $email }

    전화: { $phone }

    직함: { $title }

    국가: { $country }

    경로: { $action } (PLT: 연락 요청, INS: 설치)
lead-on-deal-subject = { $company }에서 { $offer } 라이선스를 더 요청했습니다
lead-on-deal-body =
    { $company }의 { $name } 님이 거래 { $deal }에서 { $service } 좌석 { $seats }개를 더 요청했습니다.

    메모: { $note }

    이메일: { $email }

    전화: { $phone }

    직함: { $title }

    국가: { $country }

    거래의 라이선스를 변경해야 좌석이 제공됩니다.
