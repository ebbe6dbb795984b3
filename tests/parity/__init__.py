"""Whether our rules for messages are LINE's: the one place that asks the real LINE."""
