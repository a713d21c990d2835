"""The pages of incidents: the console of those who work on them, and the portal of those who report them."""
