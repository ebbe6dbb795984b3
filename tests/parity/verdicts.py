"""LINE's verdicts, as they are kept in a file, and where our rules differ from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.parity.cases import Case


@dataclass(frozen=True, slots=True)
class Verdict:
    """What LINE said to a case: ``accepted``, or why not and of which ``property``.

    ``digest`` is the case's: another one later means that LINE was not asked about that.
    """

    digest: str
    accepted: bool
    message: str = ""
    property: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Every verdict of one ``day``, by the name of its case. It holds no token and no person."""

    day: date
    verdicts: Mapping[str, Verdict]

    def write(self, path: Path) -> None:
        """Keep it in the file *path*. Raises OSError."""
        verdicts = {name: asdict(verdict) for name, verdict in self.verdicts.items()}
        data = {"day": self.day.isoformat(), "verdicts": verdicts}
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Record:
        """What `write` wrote. Raises OSError, and ValueError for a file of another kind."""
        data: Any = json.loads(path.read_text("utf-8"))
        try:
            verdicts = {name: Verdict(**each) for name, each in data["verdicts"].items()}
            return cls(date.fromisoformat(data["day"]), verdicts)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no record of verdicts: {error}") from None


def differences(record: Record, asked: Iterable[Case]) -> Iterator[str]:
    """Each case our rules judge otherwise than LINE did, as a sentence that says what to mend.

    A case that is new or has changed since is passed over. Where our rules mean to be stricter,
    LINE may have accepted.
    """
    for case in asked:
        verdict = record.verdicts.get(case.name)
        if verdict is None or verdict.digest != case.digest or verdict.accepted == case.taken:
            continue
        if not verdict.accepted:
            where = f"{verdict.property} " if verdict.property else ""
            yield (
                f"「{case.name}」をLINEは断りました（{where}{verdict.message}）が、"
                "こちらの規則は通します → bot/line の limits.yaml か shapes.py を厳しくしてください"
            )
        elif not case.stricter:
            yield (
                f"「{case.name}」をLINEは受けとりましたが、こちらの規則は断ります"
                " → bot/line の limits.yaml か shapes.py をLINEに合わせてください"
            )


def unasked(record: Record, asked: Iterable[Case]) -> int:
    """How many cases LINE has not judged as they are now."""
    judged = {(name, verdict.digest) for name, verdict in record.verdicts.items()}
    return sum((case.name, case.digest) not in judged for case in asked)
