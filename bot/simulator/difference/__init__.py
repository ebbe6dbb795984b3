"""What people would read differently since a revision."""
