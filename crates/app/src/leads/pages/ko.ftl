# 문의하기.
title = { $name }에 문의
storefront = 스토어
lead = { $name }에 대해 문의하면 퍼블리셔가 연락합니다.
field-first-name = 이름
field-last-name = 성
field-email = 이메일 주소
field-phone = 전화번호
field-company = 회사
field-title = 직책
field-consent = 동의
consent-yes = 연락을 받기 위해 이 연락처를 { $name }와(과) 공유하는 데 동의합니다.
send = 문의하기
sent = 퍼블리셔에게 문의를 보냈습니다. 곧 연락을 받게 됩니다.
