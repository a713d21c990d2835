"""What the desk reckons: pure, without database and clock."""
