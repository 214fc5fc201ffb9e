lead-subject = { $offer } 문의: { $company } { $name } 님
lead-body =
    { $company }의 { $name } 님이 { $offer }({ $address })에 대한 연락에 동의했습니다.

    이메일: { $email }

    전화: { $phone }

    직함: { $title }

    국가: { $country }

    경로: { $action } (PLT: 연락 요청, INS: 설치)
