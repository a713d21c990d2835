"""Configuration as files: `mainstay config export | diff | apply`."""
