# Contact me.
title = Contact { $name }
storefront = Storefront
lead = Ask about { $name }: the publisher gets in touch with you.
field-first-name = First name
field-last-name = Last name
field-email = E-mail address
field-phone = Phone
field-company = Company
field-title = Your position
field-consent = Your consent
consent-yes = I agree that these contact data are shared with { $name }, so that it contacts me.
send = Contact me
sent = Your request was sent to the publisher, who will get in touch with you.
sent-before = You asked within the last day already: the publisher has that request, and nothing was sent again.
# The publisher's leads.
leads = Leads
leads-lead = People who asked to be contacted, who installed an offer, or who ask for more licenses.
leads-all = All leads
leads-empty-title = No lead yet
leads-empty-text = Whoever presses “Contact me” or “Get it now” on one of your offers appears here.
nothing-title = Nothing found
nothing-text = No lead fits. Search for something else, or look at all of them.
search-leads = Search name, company, e-mail or offer
any-action = Whatever they did
who = Name
offer = Offer
offer-address = Offer ID
did = What they did
when = When
country = Country or region
contact = Contact
position = Position
did-contact = Asked to be contacted
did-install = Installed the offer
did-licenses = Asks for more licenses
status-new = New
status-contacted = Contacted
status-won = Won
status-lost = Lost
progress = How far you are
field-status = Status
save = Save
lead-saved = The lead was saved.
wants-seats =
    { $count ->
        [one] Wants 1 more license of
       *[other] Wants { $count } more licenses of
    }
to-deal = Open the deal
deliveries = Where the lead was sent
deliveries-none = There was no destination when the lead came, so it is only here.
destination = Destination
why = Why it is not there
delivery-held = The marketplace has no mail server. The mail is sent once there is one.
attempts =
    { $count ->
        [one] 1 attempt
       *[other] { $count } attempts
    }
resend = Send again
lead-resent = The lead is sent again, for three more days if it has to be.
# Where leads go.
destinations = Lead destinations
destinations-lead = Every lead of every offer is also sent to these, from when they are set on. Whenever you publish, each has to take a test lead.
destinations-empty-title = Leads are only here
destinations-empty-text = Have them sent to your CRM or to the people who answer them.
new-destination = New destination
field-kind = What it is
kind-https = HTTPS endpoint
kind-https-help = Each lead is posted there as JSON, signed as Standard Webhooks say.
kind-email = E-mail address
kind-email-help = Each lead is a mail there.
field-address = Address
field-address-help = https://crm.example/leads, or sales@company.example
field-language = Language of mails
add-destination = Add the destination
destination-made = The destination was added. Leads from now on go there.
secret-once = Copy the secret now: it is shown once. The endpoint knows by it that a lead is from here.
secret = Secret
secret-how = Any library for Standard Webhooks verifies with it.
secret-kept = I have copied the secret
since = Since
test = Send a test lead
test-arrived = The test lead arrived at { $name }.
test-failed = The test lead did not arrive at { $name }: { $why }
delete = Delete
delete-title = Send no more leads to { $name }?
delete-text = What is on its way there is not sent any more. The leads stay here.
destination-deleted = The destination was deleted.
