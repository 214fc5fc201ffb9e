# 감사 기록.
title = 감사
lead = 조직에서 변경된 모든 내용을 누가, 어디에서, 언제, 무엇을 했는지 보여 줍니다. 기록은 삭제되지 않습니다.
empty-title = 아직 기록이 없습니다
empty-text = 모든 변경 내용이 여기에 표시됩니다.
position = 번호
when = 시간
what = 내용
who = 사용자
from = 접속 위치
by-system = Seatline
newest = 최신 기록
earlier = 이전 기록
