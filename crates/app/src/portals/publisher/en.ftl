# The navigation, the home and the account page of this portal.
name = Publisher
home = Home
offers = Offers
deals = Deals
leads = Leads
customers = Customers
insights = License dashboard
account = Account
home-title = Publisher portal
home-lead = What { $name } sells is looked after here.
attention = Needs attention
calm = Nothing needs your attention.
next = What you can do
new-offer = New offer
register = Register a deal
invite = Invite a customer
first-offer-title = Begin with an offer
first-offer-text = An offer is a product with its plans. It is sold once it is filled in, certified and live.
need-sent-back = { $name } was sent back by certification: { $count ->
    [0] mend it and publish it again
    [one] mend 1 finding and publish it again
   *[other] mend { $count } findings and publish it again
 }
need-mending = { $name } did not pass the validation: { $count ->
    [0] mend it and publish it again
    [one] mend 1 finding and publish it again
   *[other] mend { $count } findings and publish it again
 }
need-preview = { $name } is certified: look at the preview, then go live
need-draft = { $name } is a draft: { $count ->
    [0] every page is complete, review and publish it
    [one] 1 page is still to be filled in
   *[other] { $count } pages are still to be filled in
 }
need-deal = { $name }: the deal has to be updated and submitted again
need-licenses = { $count ->
    [one] 1 request for more licenses
   *[other] { $count } requests for more licenses
 }
need-leads = { $count ->
    [one] 1 new lead
   *[other] { $count } new leads
 }
need-more-offers = More offers wait for you: see all of them
need-more-deals = More deals have to be updated: see all of them
account-lead = Your organisation as the marketplace knows it, and who may act for it.
organisation = Organisation
publisher-id = Publisher ID
tenant-id = Tenant ID
country = Country or region
people = People and roles
text-people = Who signs in for your organisation, and what each may do.
open-people = Open people
clients = API clients
text-clients = Programs that act for your organisation, each with a secret and scopes of its own.
open-clients = Open API clients
audit = Audit
text-audit = Whatever was changed: who, from where, when and what.
open-audit = Open the audit trail
