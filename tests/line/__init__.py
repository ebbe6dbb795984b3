"""Proofs about LINE's wire: what we read from it, what we write to it."""
