# The navigation and the home of this portal.
name = Operator
home = Home
home-title = Operator console
home-welcome = { $name } is looked after here.
