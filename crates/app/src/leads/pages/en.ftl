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
deliveries-none = There was no destination when the lead came, so it is only here. Destinations are set with “seatline lead destination create” or over the API.
destination = Destination
why = Why it is not there
delivery-pending = On its way
delivery-delivered = Arrived
delivery-dead = Given up
delivery-held = The marketplace has no mail server. The mail is sent once there is one.
delivery-answered = The endpoint answered { $name }.
attempts =
    { $count ->
        [one] 1 attempt
       *[other] { $count } attempts
    }
resend = Send again
lead-resent = The lead is sent again, for three more days if it has to be.
