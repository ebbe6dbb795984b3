"""A talk passes when the bot did what it says, and fails on anything else, with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.talks.conftest
from bot.simulator.session import Session
from bot.simulator.talk.format import Talk, read_talk
from bot.simulator.talk.holding import TalkFailedError, hold
from content.catalog import Catalog

pytest_plugins = ("pytester",)

GOOD = """
talk: ひととおり
clock: 2026-04-01T10:00:00+09:00
steps:
  - follow:
  - bot: welcome
    state: choosing_service
    service: nothing
    buttons: [ない, ある, 戻る]
    no_buttons: はい
  - tap: ある
  - bot: pressed:confirm
    says: はい1
    facts: a.fact
    no_facts: another.fact
  - say: 薬キャリ
  - bot: [heard, panel]
    says: [薬キャリ、ですね, 一つめ]
    says_not: 二回目
    fields: nothing
  - tap: 文面をコピー
  - copied: [退会します, 【お名前】]
  - tap: ページを開く
  - opened: https://example.jp/leave
  - duplicate:
  - bot: nothing
  - redeliver:
  - bot: nothing
  - send: sticker
  - bot: sent:sticker
  - tap: {label: はい, of: panel, times: 2}
  - bot: [pressed:confirm, pressed:confirm]
  - wait: 24h
  - fault: {kind: 500-after, times: 1}
  - say: やあ
  - bot: [heard, panel]
  - user: taro
  - say: さようなら
  - bot: goodbye
    state: nothing
  - user: hanako
  - aside: もう一人へ
  - bot: nothing
  - postback: nonsense
  - bot: sent:unknown_button
  - join:
  - bot: group
  - say_in_group: みなさん
  - bot: nothing
  - unfollow:
  - bot: nothing
    state: nothing
"""


def written(folder: Path, text: str) -> Path:
    """*text* as a talk's file."""
    path = folder / "some.talk.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def talks(folder: Path, text: str, catalog: Catalog) -> list[Talk]:
    """The talks that *text* holds."""
    return read_talk(written(folder, text), folder, catalog)


def failure(folder: Path, text: str, session: Session) -> TalkFailedError:
    """How the talk *text* fails."""
    [talk] = talks(folder, text, session.catalog)
    with pytest.raises(TalkFailedError) as failed:
        hold(talk, session)
    return failed.value


def test_a_talk_that_says_what_happens_passes(tmp_path: Path, session: Session) -> None:
    """Every kind of step once."""
    [talk] = talks(tmp_path, GOOD, session.catalog)

    hold(talk, session)

    assert session.clock.now().isoformat().startswith("2026-04-02T10:00:0")


def test_a_talk_can_be_held_twice(tmp_path: Path, session: Session) -> None:
    """It has people of its own and leaves nothing behind that would matter."""
    [talk] = talks(tmp_path, GOOD, session.catalog)

    hold(talk, session)
    hold(talk, session)


@pytest.mark.parametrize(
    ("steps", "line", "reason"),
    [
        ("- follow:\n  - bot: welcom", 4, "welcom は welcome のことかもしれません"),
        ("- say: やあ\n  - bot: heard", 4, "来たもの: heard、panel"),
        ("- say: やあ\n  - bot: [panel, heard]", 4, "来るはず: panel、heard"),
        ("- say: だまって\n  - bot: heard", 4, "来たもの: nothing"),
        ("- follow:\n  - bot: nothing", 4, "来るはず: nothing"),
        ("- follow:\n  - say: x\n  - bot: heard", 4, "確かめていません: welcome"),
        ("- follow:\n  - bot: welcome\n  - say: x", 5, "確かめていません: heard、panel"),
        ("- follow:\n  - user: taro\n  - say: x\n  - bot: heard", 5, "hanakoへの返信"),
        ("- follow:\n  - bot: welcome\n  - tap: はい", 5, "「はい」というボタンはありません"),
        ("- follow:\n  - bot: welcome\n    buttons: はい", 4, "ボタン「はい」がありません"),
        ("- follow:\n  - bot: welcome\n    no_buttons: ない", 4, "ボタン「ない」があります"),
        ("- follow:\n  - bot: welcome\n    says: さようなら", 4, "文「さようなら」がありません"),
        ("- follow:\n  - bot: welcome\n    says_not: ようこそ", 4, "文「ようこそ」があります"),
        ("- follow:\n  - bot: welcome\n    facts: a.fact", 4, "事実「a.fact」がありません"),
        ("- follow:\n  - bot: welcome\n    state: reviewing", 4, "reviewing のはず"),
        ("- follow:\n  - bot: welcome\n    service: m3", 4, "サービスは nothing です"),
        ("- follow:\n  - bot: welcome\n    fields: name", 4, "あるはず: name"),
        ("- say: 【お名前】\n  - bot: [heard, panel]\n    fields: nothing", 4, "あるもの: name"),
        ("- copied: x\n  - bot: nothing", 3, "「x」がありません"),
        ("- opened: x\n  - bot: nothing", 3, "（なし）"),
        ("- say: 長すぎ\n  - bot: answer_refused", 3, "LINEが断りました（400）"),
        ("- unsend:\n  - bot: nothing", 3, "取り消せるメッセージがありません"),
    ],
)
def test_anything_else_fails_with_the_line_and_the_reason(
    tmp_path: Path, session: Session, steps: str, line: int, reason: str
) -> None:
    """An extra message, a missing one, another order, another state: all are failures."""
    failed = failure(tmp_path, f"talk: だめな例\nsteps:\n  {steps}\n", session)

    assert failed.line == line
    assert reason in "\n".join(failed.reasons)
    assert str(failed).startswith(f"some.talk.yaml:{line}: だめな例")


def test_the_transcript_shows_what_was_said_and_marks_the_line(
    tmp_path: Path, session: Session
) -> None:
    """So that nobody has to run it again to see."""
    text = "talk: 例\nsteps:\n  - follow:\n  - bot: welcome\n  - say: やあ\n  - bot: heard\n"

    lines = str(failure(tmp_path, text, session)).splitlines()

    assert "   3  hanako  follow:" in lines
    assert "        bot  [welcome] ようこそ / " in "\n".join(lines)
    assert "〔はい〕" in lines[-1]
    assert [line for line in lines if line.endswith("← ここ")] == [
        "   6  hanako  bot: heard   ← ここ"
    ]


def test_pytest_collects_talks_and_tells_what_is_wrong_with_each(
    pytester: pytest.Pytester,
) -> None:
    """A good one passes, a wrong one shows its transcript, an unreadable one its line."""
    good = "talk: よい例\nsteps:\n  - follow:\n  - bot: [greeting, choosing_service]\n"
    pytester.makefile(
        ".yaml",
        good=good,
        wrong=good.replace("[greeting, choosing_service]", "choosing_service"),
        unreadable=good.replace("follow", "folow"),
    )

    result = pytester.inline_run(
        *("--continue-on-collection-errors", "-p", "no:randomly", "-W", "error"),
        plugins=[tests.talks.conftest],
    )

    passed, skipped, failed = result.listoutcomes()
    assert [report.nodeid for report in passed] == ["good.yaml::good"]
    assert skipped == []
    shown = {report.nodeid: str(report.longrepr) for report in failed}
    assert set(shown) == {"wrong.yaml::wrong", "unreadable.yaml"}
    assert shown["wrong.yaml::wrong"].startswith("wrong.yaml:4: よい例")
    assert "来たもの: greeting、choosing_service" in shown["wrong.yaml::wrong"]
    assert "unreadable.yaml:3: 「folow」という項目はありません" in shown["unreadable.yaml"]
