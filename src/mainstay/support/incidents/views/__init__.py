"""The pages of incidents: the console of those who work on them."""
