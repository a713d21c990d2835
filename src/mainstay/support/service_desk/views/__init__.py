"""The pages of the desk: the portal of those who turn to it, and the console of those who work there."""
