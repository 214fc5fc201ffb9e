# The navigation and the home of this portal.
name = Admin center
home = Home
home-title = Admin center
home-welcome = What { $name } holds is looked after here.
relationships = Relationships
