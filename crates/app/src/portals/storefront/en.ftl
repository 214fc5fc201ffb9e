# The storefront in the list of portals.
name = Storefront
