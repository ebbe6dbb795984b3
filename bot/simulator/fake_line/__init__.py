"""LINE's Messaging API, played on this machine."""
