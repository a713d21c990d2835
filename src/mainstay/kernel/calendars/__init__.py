"""Calendars of service hours, and the arithmetic of time within them."""
