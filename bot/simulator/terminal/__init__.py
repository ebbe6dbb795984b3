"""The simulator at a prompt."""
