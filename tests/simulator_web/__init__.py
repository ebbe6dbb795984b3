"""The web chat: messages drawn as HTML, and the page in a real browser."""
