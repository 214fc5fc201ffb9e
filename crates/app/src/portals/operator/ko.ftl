# 이 포털의 탐색 메뉴와 홈.
name = 운영자
home = 홈
home-title = 운영 콘솔
home-welcome = { $name } 마켓플레이스를 여기에서 운영합니다.
