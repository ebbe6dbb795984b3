"""One turn of one person, durably: accept what was heard, then deliver the answer."""
