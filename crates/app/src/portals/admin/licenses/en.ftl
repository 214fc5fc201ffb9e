# The licenses of a customer: lists, seats, groups, assigning.
list-title = Licenses
list-lead = What your organisation holds, and how many licenses are in use.
list-search = Search products and plans
list-empty-title = No licenses yet
list-empty-text = A publisher grants licenses after a sale, once you have accepted its invitation. Find a product and ask its publisher to contact you.
list-none-title = Nothing found
list-none-text = No product or plan contains “{ $name }”.
list-all = Show all licenses
open-storefront = Open the storefront
see-relationships = See relationships
product = Product
total = Total licenses
assigned = Assigned licenses
available = Available licenses
waiting = Waiting
pool-active = Active
pool-full = All assigned
pool-waiting = Users are waiting
pool-over = More assigned than granted
pool-warning = Ended, usable for now
pool-suspended = Suspended
pool-ended = Ended
service-id = Service ID
ends = Ends
ends-never = No end date
over = Assigned beyond the total
over-text = { $count ->
    [one] One license is assigned beyond the total. It stays usable for a time and is lost after that: ask for more licenses, or unassign somebody.
   *[other] { $count } licenses are assigned beyond the total. They stay usable for a time and are lost after that: ask for more licenses, or unassign somebody.
}
tabs = Parts of the license
tab-users = Users
tab-groups = Groups
tab-waiting = Waiting list
assign = Assign licenses
request-more = Ask for more licenses
unassign = Unassign license
unassign-chosen = Unassign selected
users-empty-title = Nobody has this license yet
users-empty-text = Assign it to users, or give it to a group whose members get it by themselves.
queue-empty-title = Nobody is waiting
queue-empty-text = When a group has more members than there are licenses, the others wait here, in order.
position = Place
user = User
reason = Reason
through = Assigned through
direct = Direct
since = Since
state-active = Active
state-warning = Usable for now
state-suspended = Suspended
state-waiting = Waiting
state-gone = Gone
usable-until = Usable until { $name }
assign-title = Assign { $name }
assign-available = { $count ->
    [one] One license is available.
   *[other] { $count } licenses are available.
}
assign-full = No license is available. Unassign somebody first, or ask the publisher for more.
field-search = Find users
field-search-help = Part of a name or an e-mail address.
find = Find
candidates = Users
candidates-found = Users found
candidates-none = No active user is found by these words.
candidates-more = There are more: search for part of a name or address to see others.
has-seat = has this license
field-addresses = Paste a list
field-addresses-help = E-mail addresses, one a line or separated by commas.
field-user = Users
partial = Assign as many as fit
partial-help = Without this, either everybody gets a license or nobody does.
failures = These users cannot get a license
failure-CountViolation = CountViolation: no license is left for this user
failure-UserUnknown = No user of your organisation has this address
failure-UserInactive = The user is deactivated
failure-Inherited = Comes from a group: take the user out of the group, or the license off it
assigned-users = { $count ->
    [0] Everybody had the license already.
    [one] One license was assigned.
   *[other] { $count } licenses were assigned.
}
assigned-failed = { $count ->
    [one] One user got none: none was left, or the user is unknown or inactive.
   *[other] { $count } users got none: none was left, or the user is unknown or inactive.
}
unassign-title = { $count ->
    [one] Unassign one user?
   *[other] Unassign { $count } users?
}
unassign-none-title = Unassign licenses
unassign-none = Nobody is selected
unassign-none-text = Select users in the list of the license first.
unassign-text = They can no longer use { $name }, unless they have it from a group. Their data in the app is not touched.
unassigned-users = { $count ->
    [0] Nobody had the license assigned directly.
    [one] One license was unassigned.
   *[other] { $count } licenses were unassigned.
}
license = License
no-seat = Not assigned
inherited = This license comes from a group and cannot be unassigned from the user: change the group instead.
explain = Explain access
open-user = Open user
history = History
history-empty = The license was never assigned to this user.
began-direct = Assigned directly
began-group = Assigned through { $name }
ended-direct = Unassigned
ended-group = No longer through { $name }
by-system = The marketplace
group = Group
field-group = Group
groups-empty-title = No group has this license
groups-empty-text = Members of a group that has the license get it by themselves, and lose it when they leave.
group-done = Assigned
group-pending = Members are following
group-ending = Being removed
group-add-title = Give the license to a group
group-add = Assign to group
group-add-none = Every group has it, or there is none yet.
open-groups = Open groups
group-remove = Remove
group-remove-text = Members of { $name } lose this license, unless they have it otherwise.
group-licensed = { $name } has the license. Its members get it while licenses are available; the others wait.
group-unlicensed = The license is taken off { $name }.
email = E-mail address
tab-idle = Unused
unused-for = Not used for
unused-days = { $count } days
filter = Show
idle-text = Assigned more than { $count } days ago, and not used in the last { $count } days. People on leave are left out. Nobody loses a license by being listed here: select whose license you take back.
idle-empty-title = Every license is used
idle-empty-text = Everybody who got this license more than { $count } days ago has used it in the last { $count } days, apart from people on leave.
assigned-on = Assigned on
last-use = Last used on
never-used = Never
idle-inherited = Comes from a group: take the user out of the group instead.
policy = If there are too few
policy-title = Which licenses go first
policy-text = When a publisher grants fewer licenses than are assigned, nobody is unassigned, but some stay usable only for a time and wait after that. You choose which.
field-policy = When there are too few
policy-newest_first = The newest go first
policy-help-newest_first = Whoever got the license last loses it first.
policy-oldest_first = The oldest go first
policy-help-oldest_first = Whoever has had the license the longest loses it first.
policy-least_recently_used = The least recently used go first
policy-help-least_recently_used = Whoever never used it, or has not for the longest time, loses it first.
policy-save = Save choice
policy-saved = Your choice was saved. It counts from now on.
held = Held for leases
leases = Leases
