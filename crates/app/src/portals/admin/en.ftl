# The navigation and the home of this portal.
name = Admin center
home = Home
licenses = Licenses
requests = Requests
people = People
users = Users
groups = Groups
organisation = Organisation
explain = Explain access
reports = Reports
bulk = Bulk changes
leases = Leases
apps = Apps
environments = Environments
audit = Audit
clients = API clients
webhooks = Webhooks
relationships = Relationships
home-title = Admin center
home-welcome = What { $name } holds is looked after here.
home-empty-title = No licenses yet
home-empty-text = Once you have accepted a publisher's invitation, it can grant licenses. They appear here, ready to be assigned.
open-storefront = Open the storefront
granted = Total licenses
assigned = Assigned licenses
available = Available licenses
waiting = Users waiting
needs = Needs attention
needs-none = Nothing needs you at the moment.
need-requests = { $count ->
    [one] One user asks for a license
   *[other] { $count } users ask for a license
}
need-requests-more = More than { $count } users ask for a license
need-over = { $name }: { $count ->
    [one] one license is
   *[other] { $count } licenses are
} assigned beyond the total and usable only for a time
need-suspended = { $name }: { $count ->
    [one] one user
   *[other] { $count } users
} can no longer use it, because the license ended
need-waiting = { $name }: { $count ->
    [one] one user waits
   *[other] { $count } users wait
} for a license
need-full = { $name }: every license is assigned
need-ends = { $name }: licenses end on { $day }
