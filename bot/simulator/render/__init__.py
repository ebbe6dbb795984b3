"""LINE messages, drawn as HTML."""
