"""What happened in a turn and why, told to staff."""
