"""Proofs that the bot does what it promises."""
