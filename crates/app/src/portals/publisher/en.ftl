# The navigation and the home of this portal.
name = Publisher
home = Home
home-title = Publisher portal
home-welcome = What { $name } sells is looked after here.
