"""The simulator in a browser."""
