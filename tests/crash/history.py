"""What happened in a run, one JSON object a line: written as it happens, read by the checker.

Every line has ``t`` (seconds since the beginning), ``op`` and ``type``. As in a Jepsen history,
what is under way is an ``invoke``, and ends ``ok``, ``fail`` (it certainly did not happen) or
``info`` (nobody knows); what is no attempt at anything is a ``note``. The operations:

========  =====================================================================================
event     a person wrote: key, user, number (of their own), at (ms since 1970), token, words, and
          whether they ask for no answer (silent)
post      a webhook: post, node, keys of its events, redelivered; then status or why
reply     a call to LINE: call, token, texts; then ``took``, the fault and the status
push      the same by push: call, to, key, texts
kill      SIGKILL for a node; ``term`` is SIGTERM, ``close`` the last one; then ``start``, ``ready``
exit      a node has ended: node, code, asked ("kill", "term" or ""), was_ready, seconds, claimed
freeze    a node stands still for a while
crash     the database server was crashed; ``mend``: it is started again
heal      no more trouble: ok when all was answered and nothing waits, fail when it took too long
inbox, outbox, person, deferred   rows of the database at the very end, keys in hexadecimal
log       how often a node wrote a line: node, event, level, count
========  =====================================================================================
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

Entry = dict[str, Any]


class History:
    """Writes the entries of one run into a file while ``with`` lasts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begun = time.monotonic()
        self._file = path.open("w", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, op: str, type: str = "note", **what: Any) -> None:
        """Add an entry that happens now."""
        t = round(time.monotonic() - self._begun, 4)
        line = {"t": t, "op": op, "type": type} | what
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[Entry]:
    """Every entry of the history at *path*, in order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
