# The audit trail.
title = Audit
lead = Whatever was changed in your organization: who, from where, when and what. Nothing is ever removed from it.
empty-title = Nothing happened yet
empty-text = Every change appears here.
position = Position
when = When
what = What
who = Who
from = From
by-system = Seatline
newest = Newest entries
earlier = Earlier entries
