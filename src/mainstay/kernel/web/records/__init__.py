"""What the pages of every kind of record share."""
