"""Touches the world: LINE, HTTP, the database, the terminal."""
