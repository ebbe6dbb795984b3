"""Conversations as released versions stored them. What is in here once is never changed."""
