"""The search page, for agents and requesters alike."""
