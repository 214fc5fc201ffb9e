# A deal with its licenses, and customers, in the publisher portal.
deals = Deals
offer = Offer
country = Country or region
total-value = Total contract value
solution-value = Value of your solution
starts-on = Contract starts on
ends-on = Contract ends on
perpetual = Perpetual
licenses-end = Licenses end with the contract.
review-reason = The marketplace says:
submit = Submit
submitted = The deal was submitted. Its licenses can be managed now.
edit = Edit
saved = The deal was saved.
manage-licenses = Manage licenses
update-licenses = Update licenses
update-anyway = Update licenses anyway
not-submitted = Submit the deal first. Approval is not needed.
not-yours = Your roles do not include granting licenses.
no-customer = No customer has consented yet: invite one.
no-plans = The offer has no plan yet.
choose = Choose
field-customer = Customer
customer-fixed = The first licenses fixed the customer of this deal.
invite = Invite a new customer to consent
field-plans = Plans
field-plans-quantity = New number
plan = Plan
licensed = Licensed
remove = Remove
stopped = Stopped
number-of = Number of licenses of { $name }
remove-of = Remove the licenses of { $name }
update-help = Numbers are absolute. A plan whose field is empty stays as it is. Everything is updated at once, and the customer has it immediately.
licenses-updated = The licenses were updated. The customer has them now.
goes-over = Nothing was changed yet. More seats are in use than there would be. Nobody is unassigned; these seats stay usable for a while:
goes-over-seats = { $count ->
    [one] 1 seat goes over.
   *[other] { $count } seats go over.
 }
goes-over-until = { $count ->
    [one] 1 seat goes over and stays usable until { $name }.
   *[other] { $count } seats go over and stay usable until { $name }.
 }
customers = Customers
customers-lead = The organisations that consented, and how many seats of your plans they hold and use.
customers-empty-title = No customer yet
customers-empty-text = A customer appears here once it has accepted your invitation.
customer = Customer
tenant-id = Tenant ID
since = Since
plans = Plans
granted = Provisioned
assigned = Assigned
end = End
end-title = End the relationship with { $name }?
end-text = Nothing more can be provisioned to the customer. Remove its licenses first: while one is active, the relationship stays.
ended = The relationship ended.
leases = Leases
