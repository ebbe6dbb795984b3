"""A LINE of our own, on this machine only: talk with the real bot without an account.

One headless core and thin clients of it. The core: `fakeline` (LINE's API, stricter than the
real one), `people` (who write, tap and block), `clock`, `journal` (what happened), `session`
(the real app and the fake LINE, on loopback). The clients: the terminal, the web chat, the
talks. The bot knows nothing of all this: it serves and calls real HTTP with real signatures.

Nothing outside this package imports it, except the commands that start it.
"""
