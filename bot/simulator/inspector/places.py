"""Where things stand in the project's files, as ``file:line``, for whoever wants to change them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from bot.simulator.inspector.sources import Sources
from content.catalog import Catalog
from flows import withdrawal
from flows.conversation import Say

FLOWS = Path(withdrawal.__file__).parent
TABLE_FILE = f"{FLOWS.name}/{Path(withdrawal.__file__).name}"


def row_place(number: int) -> str:
    """Where row *number* of the table stands: "flows/withdrawal.py:123".

    Rows that one line makes together all stand in that line. Raises IndexError for no row.
    """
    return f"{TABLE_FILE}:{_row_lines()[number]}"


@cache
def _row_lines() -> tuple[int, ...]:
    """The line of each row, read from the source: a row itself is the same wherever it stands."""
    tree = ast.parse(Path(withdrawal.__file__).read_text(encoding="utf-8"))
    lines: list[int] = []
    for node in _written_rows(tree):
        made = 1
        if isinstance(node, ast.Starred):  # *_on_to_reason("deny", "checking_reward")
            call = node.value
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Name)
            rows = getattr(withdrawal, call.func.id)
            made = len(rows(*(ast.literal_eval(argument) for argument in call.args)))
        lines += [node.lineno] * made
    assert len(lines) == len(withdrawal.TABLE.rows), "the table is not written as one list"
    return tuple(lines)


def _written_rows(tree: ast.Module) -> Iterator[ast.expr]:
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == "TABLE"
            and isinstance(node.value, ast.Call)
        ):
            rows = node.value.args[1]
            assert isinstance(rows, ast.List)
            yield from rows.elts


def say_place(catalog: Catalog, say: Say, service: str, state: str) -> str:
    """Where the first words of *say* stand, told in *state* of the case of *service* (or LOBBY).

    The line under flows/ that makes it where its words are put together there; "" for neither.
    """
    cards = [part for card in say.cards for part in (card.title, card.text, *card.items, card.note)]
    words = "\n".join((say.text, *cards))
    with suppress(KeyError):  # a stand-in flow may name what no content has
        for source in _sources(catalog).of(say.id, say.facts, words, service, state):
            return source.place
    return _made_in_code(say.id)


@lru_cache(maxsize=2)  # the present content and the one before it
def _sources(catalog: Catalog) -> Sources:
    return Sources(catalog)


@cache
def _made_in_code(id: str) -> str:
    for path in sorted(FLOWS.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if f'Say("{id}"' in line:
                return f"{path.relative_to(FLOWS.parent).as_posix()}:{number}"
    return ""
