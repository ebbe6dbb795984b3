"""What changed from one text to another, in pieces that somebody who reads Japanese can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "added"]

_WORDS = re.compile(
    r"[ァ-ヶー]+|[一-鿿々〆ヶ]+|[ぁ-ゖ]+|[A-Za-z0-9０-９Ａ-Ｚａ-ｚ@._:/+\-]+|[^\S\n]+|.", re.DOTALL
)
"""Japanese puts no spaces between words, but mostly changes its letters from word to word."""

LEAST = 2
"""Letters in common between two changes that are worth standing alone. Ours: fewer only tear a
sentence to shreds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: in both, only in the old one (``gone``) or only in the new (``added``)."""

    kind: Kind
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """*old* and *new* as one text. Without the added pieces it is *old*, without those that are
    gone it is *new*."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Piece] = []
    for tag, i, j, k, m in _opcodes(matcher.get_opcodes(), before):
        if tag == "equal":
            found.append(Piece("same", "".join(before[i:j])))
            continue
        if i < j:
            found.append(Piece("gone", "".join(before[i:j])))
        if k < m:
            found.append(Piece("added", "".join(after[k:m])))
    return found


Opcode = tuple[str, int, int, int, int]


def _opcodes(codes: Sequence[Opcode], before: Sequence[str]) -> Iterator[Opcode]:
    """*codes*, changes that only a scrap of text keeps apart made one."""
    open_: Opcode | None = None
    for number, code in enumerate(codes):
        tag, i, j, k, m = code
        scrap = "".join(before[i:j])
        between = 0 < number < len(codes) - 1
        if tag == "equal" and not (between and len(scrap) < LEAST and scrap != "\n"):
            if open_:
                yield open_
            yield code
            open_ = None
        else:
            open_ = ("replace", open_[1], j, open_[3], m) if open_ else ("replace", i, j, k, m)
    if open_:
        yield open_


def changed_lines(found: Sequence[Piece]) -> list[list[Piece]]:
    """The lines of *found* in which something changed; an empty one stands for those between."""
    lines: list[list[Piece]] = [[]]
    for piece in found:
        first, *rest = piece.text.split("\n")
        lines[-1].append(Piece(piece.kind, first))
        lines += [[Piece(piece.kind, line)] for line in rest]
    shown: list[list[Piece]] = []
    for line in lines:
        if any(piece.kind != "same" and piece.text for piece in line):
            shown.append([piece for piece in line if piece.text])
        elif not shown or shown[-1]:
            shown.append([])
    return shown
