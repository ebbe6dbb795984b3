"""What happens next: pure, no LINE, clock, disk or dice."""
