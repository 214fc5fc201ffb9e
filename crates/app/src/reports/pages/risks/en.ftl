# Who would be refused tomorrow.
title = Who would be refused
lead = Users who get in without a license, because the plan only records it, and users who may use their license until soon only.
lead-customers = How many of your customers’ users get in without a license, because the plan only records it, and how many may use their license until soon only.
tabs = Reports
tab-licenses = Licenses
tab-enforcement = Who would be refused
since = Without a license
last-days = In the last { $count } days
ends-within = Use ends
next-days = Within { $count } days
show = Show
refreshed = As of { $name }.
empty-title = Nobody would be refused
empty-text = In the time looked at nobody got in without a license, and nobody’s use of a license ends.
empty-text-customers = In the time looked at no customer’s user got in without a license to your plans, and nobody’s use of a license ends.
csv = Download CSV
waived-users = { $count ->
    [0] Nobody got in without a license.
    [one] One user got in without a license.
   *[other] { $count } users got in without a license.
}
ending-users = { $count ->
    [0] Nobody’s use of a license ends.
    [one] One user’s use of a license ends.
   *[other] { $count } users’ use of a license ends.
}
user = User
why = Why
reason = Reason
at = When
kind-waived = Without a license
kind-ending = Use ends
reason-no_seat = Has no license of a plan that would do
reason-no_license = Your organisation has no license of a plan that would do
reason-suspended = The license ended and is kept for a time
reason-waiting = Waits for a license
reason-user_unknown = Was not an active user
reason-service_unknown = The plan was not live
reason-active = Usable until it ends
reason-warning = Usable for a time only
more-users = { $count ->
    [one] One more user is in the CSV file.
   *[other] { $count } more users are in the CSV file.
}
customer = Customer
product = Product
last-waived = Last got in on
first-ends = First one ends on
