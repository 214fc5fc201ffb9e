# The storefront.
home-title = Software for your organisation
home-lead = Find what your people need, ask its publisher, and hand out the licenses yourself.
search-offers = Search offers
filters = Filters
offers = Offers
all-offers = Show all offers
found =
    { $count ->
        [one] 1 offer
       *[other] { $count } offers
    }
nothing-title = No offer fits
nothing-text = Try other words or fewer filters.
facet-category = Category
facet-industry = Industry
facet-licensing-option = How to get it
facet-product = Works with
facet-market = Market
option-license-management = Licenses per user
option-get-it-now = Free
option-free-trial = Free trial
option-contact-me = On request
by = by { $name }
button-get-it-now = Get it now
button-free-trial = Free trial
button-contact-me = Contact me
ask-administrator = Ask your administrator for: { $name }
gallery = Screenshots
about = About this offer
plans = Plans
plan-private = For your organisation
details = Details
publisher = Publisher
version = Version
works-with = Works with
support = Support
help = Help
privacy = Privacy
terms = Terms of use
preview-title = This is a preview.
preview-text = Only people with this address see it. Its buttons work once the offer is live.
