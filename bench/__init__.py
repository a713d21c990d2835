"""What Mainstay does in a second, beside what bare PostgreSQL does with the same question."""
