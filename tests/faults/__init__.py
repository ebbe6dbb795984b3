"""What can go wrong, row by row: `tests.faults.table` says which test proves what."""
