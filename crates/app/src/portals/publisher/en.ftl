# The navigation and the home of this portal.
name = Publisher
home = Home
offers = Offers
deals = Deals
leads = Leads
customers = Customers
insights = License dashboard
home-title = Publisher portal
home-welcome = What { $name } sells is looked after here.
