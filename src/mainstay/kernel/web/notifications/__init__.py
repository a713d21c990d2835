"""The bell: what a person was told, and how they want to hear of things."""
