"""Everything a person can do, in four layers."""
