# 이 포털의 탐색 메뉴와 홈.
name = 관리 센터
home = 홈
home-title = 관리 센터
home-welcome = { $name }에서 보유한 라이선스를 여기에서 관리합니다.
relationships = 관계
