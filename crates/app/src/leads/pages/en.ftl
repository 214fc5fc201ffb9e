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
