# Settings in the operator console.
title = Settings
lead = What holds for the whole marketplace is set here; what is about the machine is set where the server runs.
how = An empty field is as configured. What you save holds at once; on other nodes it takes a second or two.
save = Save
saved = The settings are saved and hold from now on.
group-marketplace = Marketplace
group-licenses = Licenses
group-licenses-help = Seats whose grace has begun keep their dates.
group-checks = Checks and leases
group-checks-help = Apps keep the times of answers and leases that they have. Edges learn of new ones within five minutes.
field-marketplace-name = Name of the marketplace
field-marketplace-name-help = It stands at the top of every page.
field-go-live-delay-seconds = Seconds from sign-off to live
field-go-live-delay-seconds-help = An offer that is stopped leaves the storefront after the same time. What was signed off or stopped already keeps its time. 3,600 are an hour.
field-grace-reduced-days = Days that seats beyond a reduced number stay usable
field-grace-reduced-days-help = After these they wait until there is room again.
field-grace-warning-days = Days that seats stay usable after their license ended
field-grace-warning-days-help = Their users are warned meanwhile.
field-grace-suspended-days = Days that seats are kept after that
field-grace-suspended-days-help = They are not usable, and come back with the license. After these days they are gone.
field-answer-fresh-seconds = Seconds that an app uses an answer without asking again
field-answer-fresh-seconds-help = For so long a change may go unseen in an app.
field-answer-grace-seconds = Seconds that an app uses an answer while the server cannot be reached
field-answer-grace-seconds-help = No fewer than without asking again. 86,400 are a day.
field-lease-days-max = Days that a lease may be good for
field-lease-days-max-help = With a lease an app decides without the server. The seat is held for as long.
is-set = Set here
as-configured = As configured
configured-is = Configured: { $name }
set-by = set by { $name }
set-back-by = set back by { $name }
machine = Set where the server runs
machine-help = In the configuration file, or by environment variables such as SEATLINE_BASE_URL. “seatline admin config” prints every key with its meaning.
setting = Setting
value = Value
key = Key
seconds =
    { $count ->
        [one] 1 second
       *[other] { $count } seconds
    }
days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
networks =
    { $count ->
        [one] 1 network
       *[other] { $count } networks
    }
not-set = Not set
no-limit = No limit
yes = Yes
no = No
configured-base-url = Address of the marketplace
configured-package-bytes-max = Largest package
configured-key-publish-seconds = A new key is published before it signs
configured-requests-at-once = Requests answered at once
configured-checks-per-second = Checks that one user or client may ask a second
configured-smtp-host = Mail server
configured-mail-from = Mails are from
configured-package-fetch-seconds = Fetching a package may take
configured-outbound-allow-http = http as well as https, where users give an address
configured-outbound-allow-networks = Networks that are open though not public
