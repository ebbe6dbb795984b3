"""`taikai serve` as it is measured: as if LINE took any number of replies a second.

LINE takes 2,000 of a channel, and our server keeps below that by itself (`bot.engine.pace`): with
it, whoever is fast enough would be measured at that limit, and nothing be said of the server.

With ``anew`` every turn is worked out anew, too, as for people of whom no two are alike. The
server remembers for a minute what it answered in a place (`bot.engine.flow`); here very many
people walk few ways, so it finds nearly every answer there; this shows what that saves.
"""

from __future__ import annotations

import sys
from functools import partial

from bot.app import create_app
from bot.engine import pace
from bot.serve import serve

BOUNDLESS = 1_000_000.0
"""Replies a second that nobody reaches."""

if __name__ == "__main__":
    pace.MOST = BOUNDLESS
    serve(partial(create_app, remembered_turns=0) if "anew" in sys.argv else create_app)
