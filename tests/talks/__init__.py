"""Whole conversations, written and read by people: one YAML file each."""
