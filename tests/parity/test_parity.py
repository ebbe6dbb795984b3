"""Our rules for messages against LINE's own verdicts; a fake LINE stands in for the asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.line.measure import limit
from bot.simulator.fake_line.api import ACCESS_TOKEN
from content.catalog import load
from tests.line.test_limits import EDGES
from tests.parity.asking import UnansweredError, ask
from tests.parity.cases import Case, cases
from tests.parity.command import parity
from tests.parity.verdicts import Record, Verdict, differences, unasked
from tests.simulator.served import HELLO, Served, served

RECORDED = Path(__file__).with_name("parity.json")
"""Where `taikai parity` keeps what LINE said; it is there once somebody with a token ran it."""

GOOD, BAD = Case("よい", [HELLO]), Case("空", [{"type": "text", "text": ""}])


@pytest.fixture(scope="module")
def every() -> list[Case]:
    return cases(load())


@pytest.fixture
def line() -> Iterator[Served]:
    with served() as running:
        yield running


def as_we_judge(asked: list[Case]) -> Record:
    """The record of a LINE that judges as we do."""
    verdicts = {case.name: Verdict(case.digest, case.taken) for case in asked}
    return Record(date(2026, 4, 1), verdicts)


def test_our_rules_agree_with_every_verdict_of_line(every: list[Case]) -> None:
    """With tests/parity/parity.json once it was recorded; before and after, a planted difference
    of either kind has to be found, so that agreeing means something."""
    record = Record.read(RECORDED) if RECORDED.exists() else as_we_judge(every)
    assert list(differences(record, every)) == []

    for case in (every[0], next(case for case in every if not (case.taken or case.stricter))):
        planted = Verdict(case.digest, not case.taken, "said so")
        [found] = differences(replace(record, verdicts={case.name: planted}), every)
        assert case.name in found


def test_what_we_refuse_on_our_own_may_be_taken_by_line() -> None:
    """But what LINE refuses, we never let pass."""
    stricter = replace(BAD, stricter=True)
    taken = Record(date(2026, 4, 1), {BAD.name: Verdict(BAD.digest, True)})

    assert list(differences(taken, [stricter])) == []
    assert len(list(differences(taken, [BAD]))) == 1


def test_a_case_that_changed_since_was_not_asked_about() -> None:
    """Its old verdict says nothing, and it counts as open."""
    old = Record(date(2026, 4, 1), {GOOD.name: Verdict("another", False)})

    assert list(differences(old, [GOOD])) == []
    assert (unasked(old, [GOOD]), unasked(as_we_judge([GOOD]), [GOOD])) == (1, 0)


def test_every_case_has_a_name_of_its_own_and_both_kinds_are_there(every: list[Case]) -> None:
    """Messages of the catalogue are all good by our rules; what goes beyond a limit is not."""
    assert len({case.name for case in every}) == len(every)
    assert all(case.taken for case in every if "#" in case.name or "上限まで" in case.name)
    assert not any(case.taken for case in every if "上限を超える" in case.name or case.stricter)


def test_each_limit_of_what_we_send_is_asked_about_on_both_sides(every: list[Case]) -> None:
    """The limits that are tried on whole messages: as much as allowed, and one more."""
    for what in EDGES:
        names = [case.name for case in every if case.name.startswith(f"{what}: ")]
        most = limit(what).value
        assert names == [f"{what}: {most:,}（上限まで）", f"{what}: {most + 1:,}（上限を超える）"]


async def test_line_is_asked_and_nothing_is_sent(line: Served) -> None:
    """A verdict for each case, with LINE's words and the place; no message reaches anybody."""
    verdicts = await ask(line.url, ACCESS_TOKEN, [GOOD, BAD], pace=0)

    assert verdicts[GOOD.name] == Verdict(GOOD.digest, True)
    assert not verdicts[BAD.name].accepted
    assert (verdicts[BAD.name].message, verdicts[BAD.name].property) == (
        "is empty",
        "messages[0].text",
    )
    assert {call.path for call in line.calls} == {"/v2/bot/message/validate/reply"}
    assert not any(call.accepted for call in line.calls)


async def test_a_wrong_token_ends_the_asking_at_once(line: Served) -> None:
    """One refused call, and a sentence without the token."""
    with pytest.raises(UnansweredError, match="401") as refused:
        await ask(line.url, "wrong-token", [GOOD, BAD], pace=0)

    assert "wrong-token" not in str(refused.value)
    assert len(line.calls) == 1


def test_the_command_records_and_compares(
    line: Served,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    every: list[Case],
) -> None:
    """From the environment to the file and back; neither file nor words hold the token."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", ACCESS_TOKEN)
    monkeypatch.setenv("LINE_API_BASE", line.url)
    monkeypatch.setattr("tests.parity.command.cases", lambda catalog: every[-30:])
    out = tmp_path / "parity.json"

    assert parity(out, None, pace=0) == 0
    assert parity(tmp_path, out) == 0
    assert ACCESS_TOKEN not in out.read_text("utf-8") + capsys.readouterr().out
    assert len(Record.read(out).verdicts) == 30


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("LINE_CHANNEL_ACCESS_TOKEN", "", "LINE_CHANNEL_ACCESS_TOKEN が設定されていません"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "changeme", "見本の値"),
        ("LINE_API_BASE", "http://example.jp", "https://"),
        ("CI", "true", "CIでは動かしません"),
    ],
)
def test_the_command_refuses_to_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
    said: str,
) -> None:
    """No call is made, no file written."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", ACCESS_TOKEN)
    monkeypatch.setenv("LINE_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv(setting, value)
    monkeypatch.setattr("tests.parity.command.cases", lambda catalog: [GOOD])

    assert parity(tmp_path / "parity.json", None) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
