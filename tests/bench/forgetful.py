"""`taikai serve`, but every turn is worked out anew, as for people of whom no two are alike.

The server remembers for a minute what it answered in a place (`bot.engine.flow`). Here very many
people walk few ways, so it finds nearly every answer there; this shows what that saves.
"""

from __future__ import annotations

from functools import partial

from bot.app import create_app
from bot.serve import serve

if __name__ == "__main__":
    serve(partial(create_app, remembered_turns=0))
