"""Business time: when a calendar is open, how much service time passes, when a budget of it is used up.

Pure: no database, no settings, no clock of its own. Instants are aware and come out in UTC; amounts are exact
(`timedelta`). A slot is half-open: it includes its first instant, not its last.
"""
