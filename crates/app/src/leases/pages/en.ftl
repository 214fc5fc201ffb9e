# Leases: of one's own organisation, and of a publisher's customer.
leases = Leases
leases-lead = What apps carry so that they can decide without a connection for a while, and the licenses that are held for it.
leases-lead-customer = What your apps carry for this customer's users, so that they can decide without a connection for a while.
leases-of = Leases of { $name }
leases-everybody = Leases of everybody
customers = Customers
tabs = Which leases
tab-running = Not over yet
tab-all = All
empty-title = No leases
empty-text = An app takes a lease when it is about to go without a connection. It appears here with the license that is held for it.
empty-text-customer = An app of yours takes a lease when it is about to go without a connection. It appears here.
whose = User
services = Licenses
issued = Given
until = Ends
block = { $count ->
    [one] Block of one license
   *[other] Block of { $count } licenses
}
status-active = Active
status-revoked = Revoked
status-returned = Returned
status-over = Over
revoke = Revoke
revoke-title = Revoke this lease?
revoke-text = It is on the revocation list at once. An app stops when it reads the list, which it does as soon as it has a connection.
revoke-held = The license stays held until the lease ends, on { $name }, because an app without a connection may go on until then.
revoked = The lease was revoked.
return = Return
return-title = Return this lease?
return-text = Do this only where the app no longer uses it: the license is free at once, and somebody else may get it.
returned = The lease was returned.
revocations = Revocation lists
revocations-text = What was revoked or returned before its time, signed. An app that has a connection fetches it by itself; carry the file to those that have none.
revocations-of = Revocations of { $name }
revocations-own = Download the list
