"""The simulator itself: a fake LINE that lets nothing through proves nothing."""
