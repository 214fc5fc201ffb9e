# The operator console: navigation, home, health, settings.
name = Operator
home = Home
section-review = Review
section-marketplace = Marketplace
section-system = System
certification = Certification
deals = Deals
tenants = Publishers and tenants
jobs = Jobs
mails = Mails
health = Health
settings = Settings
home-title = Operator console
home-lead = { $name } is looked after here.
calm = Nothing needs your attention.
attention = Needs attention
attention-submissions = Submissions to certify
first-waits = The first was submitted { $name }
attention-deals = Deals to review
attention-jobs = Jobs that failed for good
attention-reconcilers = Reconcilers that fail
attention-failed-mails = Mails that failed
attention-held-mails = Mails held for want of a server
next = What you can do
open-queue = Open the certification queue
open-deals = Review deals
admit = Admit an organisation
health-title = Health
health-lead = Whether everything is brought about as it should be, on every node.
examine = Examine everything now
examine-help = Reads the audit trails, pools, reports and packages whole, which takes a while on a large marketplace. It changes nothing.
version = Version
database = Database
this-node = This node
clock = Clock
reconcilers = Reconcilers
reconcilers-help = Each brings something about again and again. How one ended last is written down at once when it changes, else twice a minute.
what = What
last-run = Last run
every = Every
every-seconds =
    { $count ->
        [one] second
       *[other] { $count } seconds
    }
node = Node
run-well = Well
run-failed = Failed
run-never = Has not run yet
reconciler-identity-follow-keys = Signing keys are known to every node
reconciler-publishing-take-due-live = Offers go live when their time has come
reconciler-publishing-take-due-stops = Offers leave the storefront when their time has come
reconciler-licenses-tell-of-ends = Both sides are told of licenses that end
reconciler-licenses-settle = Pools know of licenses and leases that ended
reconciler-licenses-remove-gone = Seats that are gone leave no row
reconciler-groups-follow = Large changes of groups reach the seats
reconciler-entitlements-compare = Checks go by what the tables say
reconciler-entitlements-write-uses = Last use of seats is written down
reconciler-entitlements-write-down-waived = Who was let in without a license is written down
reconciler-packages-remove-abandoned = What broken uploads left is removed
reconciler-notices-write = People are told, here and by mail
reconciler-notices-forget-old = Old notices are forgotten
reconciler-leases-follow-seats = Leases end with their seats
reconciler-reports-follow = Reports follow the logs
reconciler-mails-take-up = Held mails are sent when there is a server
reconciler-webhooks-fan-out = Events are on their way to webhooks
reconciler-webhooks-forget-old = Old webhook deliveries are forgotten
reconciler-jobs-forget-done = Jobs that are done are forgotten
examination-title = Examination
examination-lead = What must always hold, held against the database.
examined-at = Examined { $name }
how-many = How many
as-it-must-be = As it must be
wrong-things = { $count } wrong
examined-operators = Operators
examined-audit-trails = Audit trails
examined-pools = Pools of licenses
examined-reports = Reports
examined-packages = Packages
settings-title = Settings
settings-lead = As they are in force on this node.
settings-how = They are set where the server runs: in its configuration file, or by environment variables such as SEATLINE_BASE_URL. “seatline admin config” prints every key with its meaning.
settings-marketplace = Marketplace
settings-licenses = Licenses and checks
settings-mail = Mail
settings-outbound = Addresses that users give
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
yes = Yes
no = No
setting-base-url = Address of the marketplace
setting-marketplace-name = What the marketplace is called
setting-go-live-delay-seconds = From sign-off to live
setting-package-bytes-max = Largest package
setting-key-publish-seconds = A new key is published before it signs
setting-grace-reduced-days = Seats beyond a reduced number stay usable
setting-grace-warning-days = Seats stay usable after their license ended
setting-grace-suspended-days = Seats are kept after that
setting-answer-fresh-seconds = An answer is used without asking again
setting-answer-grace-seconds = An answer is used while the server cannot be reached
setting-lease-days-max = Longest lease
setting-smtp-host = Mail server
setting-mail-from = Mails are from
setting-package-fetch-seconds = Fetching a package may take
setting-outbound-allow-http = http as well as https
setting-outbound-allow-networks = Networks that are open though not public
