"""Numbers as Japanese writes them: 「5000」, 「５，０００」, 「五千」, 「5千」, 「二〇二〇」."""

from __future__ import annotations

import re
import unicodedata

DIGITS = "〇一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8}
KANJI = DIGITS + "".join(_TENS) + "".join(_MYRIADS)

_ONE = rf"[0-9{KANJI}]"
NUMBER = rf"(?>{_ONE}(?:(?:,(?=[0-9]{{3}}(?![0-9]))|\.(?=[0-9]))?{_ONE})*)"
"""A number in text of normal form (NFKC), whole or not at all: never the 5 of 「5,000」."""

_PIECE = re.compile(rf"[0-9.]+|[{KANJI}]")


def number(written: str) -> float:
    """What *written*, which `NUMBER` matches, amounts to. Raises ValueError for anything else."""
    plain = unicodedata.normalize("NFKC", written).replace(",", "")
    if not re.fullmatch(NUMBER, plain):
        raise ValueError(f"not a number: {written!r}")
    whole = below_myriad = 0.0
    last: float | None = None  # the number that 十, 百, 千, 万 or 億 may still follow
    for piece in _PIECE.findall(plain):
        if piece in _TENS:
            below_myriad += (1 if last is None else last) * _TENS[piece]
            last = None
        elif piece in _MYRIADS:
            whole += (below_myriad + (last or 0) or 1) * _MYRIADS[piece]
            below_myriad, last = 0, None
        else:
            digits = str(DIGITS.index(piece)) if piece in DIGITS else piece
            last = float(digits) if last is None else float(f"{last:.0f}{digits}")
    return whole + below_myriad + (last or 0)
