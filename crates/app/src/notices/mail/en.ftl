# What people are told, on pages and by mail: -subject, -body with an empty line between paragraphs, -action.

# At the end of each mail.
choose-mails = Choose which notices come by mail

submission-failed-subject = { $offer } needs your attention
submission-failed-body =
    The submission of { $offer } did not pass. This was found:

    { $findings }

    Mend it and publish again, as often as needed.
submission-failed-action = See what was found

submission-certified-subject = { $offer } is certified and ready to go live
submission-certified-body =
    { $offer } was certified. Look at its preview.

    It is not on sale yet: sign off with “Go live” when you are content.
submission-certified-action = Look at it and go live

offer-live-subject = { $offer } is live
offer-live-body =
    { $offer } is on sale from now on.
offer-live-action = Open the offer

offer-stopped-subject = { $offer } is no longer on sale
offer-stopped-body =
    { $offer } left the storefront. Licenses and installations go on.

    Publishing it again brings it back.
offer-stopped-action = Open the offer

license-granted-customer-subject = { $other } granted you { $quantity } licenses of { $service }
license-granted-customer-body =
    { $other } granted your organisation licenses of { $service }: { $quantity } now, { $before } before.

    Altogether you have { $total }. They are yours to assign.
license-granted-customer-action = Assign licenses

license-reduced-customer-subject = { $other } lowered your licenses of { $service } to { $quantity }
license-reduced-customer-body =
    { $other } lowered your organisation's licenses of { $service }: { $quantity } now, { $before } before.

    Altogether you have { $total }.
license-reduced-customer-action = See licenses

license-removed-customer-subject = { $other } removed your licenses of { $service }
license-removed-customer-body =
    { $other } removed your organisation's { $before } licenses of { $service }.

    Altogether you have { $total }.
license-removed-customer-action = See licenses

license-granted-publisher-subject = { $other } has { $quantity } licenses of { $service }
license-granted-publisher-body =
    { $other } was granted licenses of { $service }: { $quantity } now, { $before } before.

    Altogether it has { $total }.
license-granted-publisher-action = See the deal

license-reduced-publisher-subject = Licenses of { $service } for { $other } lowered to { $quantity }
license-reduced-publisher-body =
    The licenses of { $service } for { $other } were lowered: { $quantity } now, { $before } before.

    Altogether it has { $total }.
license-reduced-publisher-action = See the deal

license-removed-publisher-subject = Licenses of { $service } for { $other } removed
license-removed-publisher-body =
    The { $before } licenses of { $service } for { $other } were removed.

    Altogether it has { $total }.
license-removed-publisher-action = See the deal

webhook-disabled-subject = A webhook was switched off
webhook-disabled-body =
    Nothing is sent to { $url } any more. { $because ->
        [gone] The endpoint answered 410 Gone.
        [three-days] Nothing arrived there for three days.
        [five-days] Nothing arrived there for five days.
       *[other] { $because }
    }

    Mend the endpoint and switch the webhook on again: what still waits is sent, and past events can be replayed.
webhook-disabled-action = Open the webhook

password-set-subject = An administrator set your password
password-set-body =
    An administrator of your organisation set a new password for your account. Every session and token of the
    account has ended.

    Change it once you have signed in, so that nobody but you knows it. If you did not ask for this, ask your administrator.
password-set-action = Change the password

license-over-customer-subject = More seats of { $service } are in use than you have licenses (by { $over })
license-over-customer-body =
    { $other } lowered your organisation's licenses of { $service }: { $quantity } now, { $before } before.

    Altogether you have { $total }; seats in use beyond that: { $over }. They stay usable for a time of grace only, and nobody else can be given a seat until then.

    Take seats away from those who do not need them, or ask { $other } for more.
license-over-customer-action = See licenses

license-ending-customer-subject = Your licenses of { $service } end soon ({ $day })
license-ending-customer-body =
    Your licenses of { $service } from { $other } end with their contract at the start of { $day } (UTC). How many: { $quantity }.

    Ask { $other } to renew them if they are still needed.
license-ending-customer-action = See licenses

license-ending-publisher-subject = Licenses of { $service } for { $other } end soon ({ $day })
license-ending-publisher-body =
    The licenses of { $service } for { $other } end with their contract at the start of { $day } (UTC). How many: { $quantity }.
license-ending-publisher-action = See the deal

license-ended-customer-subject = Licenses of { $service } have ended
license-ended-customer-body =
    Licenses of { $service } from { $other } ended with their contract: { $quantity }.

    Altogether you have { $total }.
license-ended-customer-action = See licenses

license-ended-over-customer-subject = Licenses of { $service } have ended: more seats are in use than are left (by { $over })
license-ended-over-customer-body =
    Licenses of { $service } from { $other } ended with their contract: { $quantity }.

    Altogether you have { $total }; seats in use beyond that: { $over }. They stay usable for a time of grace only.

    Take seats away from those who do not need them, or ask { $other } to renew.
license-ended-over-customer-action = See licenses

license-ended-publisher-subject = Licenses of { $service } for { $other } have ended
license-ended-publisher-body =
    Licenses of { $service } for { $other } ended with their contract: { $quantity }.

    Altogether it has { $total }.
license-ended-publisher-action = See the deal

seat-requested-subject = { $name } asks for a seat of { $service }
seat-requested-body =
    { $name } asks for a seat of { $service }.

    { $said }

    Grant or decline it.
seat-requested-action = See requests

seat-granted-subject = You have a seat of { $service }
seat-granted-body =
    { $name }, your request was granted: you have a seat of { $service }.
seat-granted-action = My licenses

seat-declined-subject = Your request for a seat of { $service } was declined
seat-declined-body =
    { $name }, your request for a seat of { $service } was declined.

    { $said }
seat-declined-action = My licenses
