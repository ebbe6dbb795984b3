"""A talk is read strictly: what is misspelt would otherwise be a check that is never made."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.simulator.talk.format import Talk, TalkError, read_talk
from content.catalog import Catalog


def talks(folder: Path, text: str, catalog: Catalog) -> list[Talk]:
    """The talks that *text* holds."""
    path = folder / "some.talk.yaml"
    path.write_text(text, encoding="utf-8")
    return read_talk(path, folder, catalog)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("talk: 例\nsteps:\n  - folow:\n  - bot: x", 3, "「folow」という項目はありません"),
        ("talk: 例\ntitel: x\nsteps:\n  - bot: x", 2, "「titel」という項目はありません"),
        ("steps:\n  - bot: x", 1, "「talk」がありません"),
        ("talk: 例\nsteps:\n  - follow:", 1, "bot: が一つもありません"),
        ("talk: 例\nsteps:\n  - follow:\n    say: x\n  - bot: x", 3, "一つだけ"),
        ("talk: 例\nsteps:\n  - say: x\n    state: z\n  - bot: x", 3, "bot: の手順に"),
        ("talk: 例\nsteps:\n  - say:\n  - bot: x", 3, "「say」に値がありません"),
        ("talk: 例\nsteps:\n  - follow: x\n  - bot: x", 3, "「follow」が読めません"),
        ("talk: 例\nsteps:\n  - send: stiker\n  - bot: x", 3, "sticker"),
        ("talk: 例\nsteps:\n  - wait: tomorrow\n  - bot: x", 3, "24h"),
        ("talk: 例\nsteps:\n  - fault: {kind: 404}\n  - bot: x", 3, "「kind」が読めません"),
        ("talk: 例\nsteps:\n  - fault: dely\n  - bot: x", 3, "delay のことですか"),
        ("talk: 例\nsteps:\n  - arrive: 1\n  - bot: x", 3, "「arrive」が読めません"),
        ("talk: 例\nsteps:\n  - tap: {label: x, off: z}\n  - bot: x", 3, "「off」"),
        ("talk: 例\nclock: 10時\nsteps:\n  - bot: x", 2, "「clock」が読めません"),
        ("talk: 例\nclock: 2026-04-01T10:00:00\nsteps:\n  - bot: x", 2, "「clock」が読めません"),
        ("talk: ${x}\nsteps:\n  - bot: x", 1, "${x} に入る値がありません"),
        ("talk: 例\nsteps:\n  - say: ]\n", 3, "YAML"),
    ],
)
def test_a_talk_that_cannot_be_read_says_where_and_why(
    tmp_path: Path, catalog: Catalog, text: str, line: int, what: str
) -> None:
    """Unknown keys are errors: a check that is never made proves nothing."""
    with pytest.raises(TalkError) as error:
        talks(tmp_path, text, catalog)

    assert any(p.line == line and what in str(p) for p in error.value.problems), str(error.value)


def test_each_makes_a_talk_of_every_combination(tmp_path: Path, catalog: Catalog) -> None:
    """With the names filled in wherever they stand."""
    slugs = sorted(catalog.services)[:2]
    text = (
        f"talk: ${{service.name}}\neach: {{service: [{', '.join(slugs)}], word: [a, b]}}\n"
        "steps:\n  - say: ${service} ${word}\n  - bot: x\n"
    )

    made = talks(tmp_path, text, catalog)

    assert [talk.name for talk in made] == [f"some-{s}-{w}" for s in slugs for w in "ab"]
    assert [talk.steps[0].say for talk in made] == [f"{s} {w}" for s in slugs for w in "ab"]
    assert made[0].title == catalog.services[slugs[0]].name
