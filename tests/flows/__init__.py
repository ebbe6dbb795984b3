"""Tests of the flow: pure, without LINE, a clock or a disk."""
