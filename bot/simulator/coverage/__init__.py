"""How much of the flow was seen, by talks and by the crawl."""
