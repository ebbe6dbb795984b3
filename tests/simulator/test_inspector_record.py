"""The record of a turn says what came in, how it was taken and why, and what went out."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import flows
from bot.simulator.inspector.places import row_place
from bot.simulator.inspector.plain_words import GUARDS, OUTCOMES
from bot.simulator.inspector.record import record_of
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.store.port import Outcome
from content.catalog import Catalog
from flows.withdrawal import TABLE

ROOT = Path(flows.__file__).parent.parent
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def real(catalog: Catalog) -> Iterator[Session]:
    """A session with the real flow."""
    with Session(catalog=catalog, seed=4) as session:
        yield session


@pytest.fixture
def taro(real: Session) -> Person:
    """Somebody who has named 薬キャリ."""
    person = real.newcomer(f"taro{next(_NUMBERS)}")
    person.follow()
    person.say("薬キャリ")
    return person


def last(session: Session, person: Person) -> dict[str, Any]:
    """The record of the last turn."""
    turns = [done for done in person.done if done.turn is not None]
    return record_of(session, turns, len(turns) - 1)


def test_a_tap_is_told_from_event_to_call(real: Session, taro: Person) -> None:
    """Row, guards on both sides, states before and after, the answer that came, the call."""
    taro.tap("ない")

    made = last(real, taro)

    assert made["n"] == 3
    assert made["heard"] == "ボタン"
    assert made["event"]["postback"]["data"].startswith("1|yakukyari|checking_selection|deny|")
    assert made["understood"] == "ボタン：「選考の確認」の「ない」"
    assert (made["before"]["state"], made["after"]["state"]) == (
        "checking_selection",
        "checking_reward",
    )
    assert [(tried["guard"], tried["passed"]) for tried in made["tries"]] == [
        ("rewards_a_found_job", False),
        ("rewards_a_balance", True),
    ]
    assert made["row"]["number"] == made["tries"][-1]["row"]
    assert [(move["kind"], move["trigger"]) for move in made["diff"]] == [
        ("kept", "choose"),
        ("added", "deny"),
    ]
    assert [say["id"] for say in made["says"]] == ["reward", "checking_reward"]
    assert [(call["status"], call["path"]) for call in made["calls"]] == [
        (200, "/v2/bot/message/reply")
    ]
    assert made["webhook"]["status"] == 200
    assert len(made["messages"]) == 2


def test_going_back_shows_the_answer_that_is_gone(real: Session, taro: Person) -> None:
    """戻る is no row of the table."""
    taro.tap("ない")
    taro.tap("戻る")

    made = last(real, taro)

    assert [(move["kind"], move["trigger"]) for move in made["diff"]] == [
        ("gone", "deny"),
        ("kept", "choose"),
    ]
    assert (made["row"], made["tries"]) == (None, [])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ない", "ボタン「ない」と同じ意味の言葉"),
        ("状況", "どこでも使える言葉：状況を見る"),
        ("キャリトレ", "サービスの名前：キャリトレ"),
        ("09012345678", "個人情報らしい言葉"),
        ("死にたい", "つらい気持ち"),
        ("こんにちは", "あいさつ"),
        ("ﾋﾟﾖﾋﾟﾖ", "分からない言葉"),
    ],
)
def test_words_are_told_as_they_were_read(
    real: Session, taro: Person, words: str, sentence: str
) -> None:
    """In a sentence staff can judge."""
    taro.say(words)

    assert last(real, taro)["understood"].startswith(sentence)


def test_what_is_no_word_is_told_too(real: Session, taro: Person) -> None:
    """A sticker, a follow, a block."""
    told = []
    deeds: list[Callable[[], object]] = [partial(taro.send, "sticker"), taro.unfollow, taro.follow]
    for deed in deeds:
        deed()
        told.append((last(real, taro)["heard"], last(real, taro)["understood"]))

    assert told == [
        ("スタンプ", "文字ではないもの（sticker）：今の質問をもう一度示します"),
        ("ブロック", "この人のことを忘れました"),
        ("友だち追加", "友だち追加：最初の質問を示します"),
    ]


def test_a_duplicate_is_told_as_one(real: Session, taro: Person) -> None:
    """Nothing was said, and nothing of the first time is told again."""
    taro.tap("ない")
    taro.redeliver()

    made = last(real, taro)

    assert made["heard"] == "ボタン（再送）"
    assert made["understood"] == OUTCOMES[Outcome.DUPLICATE]
    assert (made["says"], made["messages"], made["tries"], made["calls"]) == ([], [], [], [])


def test_a_fault_stands_beside_the_call_it_struck(real: Session, taro: Person) -> None:
    """With what LINE answered, and the call that succeeded after it."""
    real.line.faults.inject("500")
    taro.tap("ない")

    calls = last(real, taro)["calls"]

    assert [call["status"] for call in calls] == [500, 200]
    assert "わざと：500" in calls[0]["note"]
    assert calls[1]["ms"] >= calls[0]["ms"] >= 0
    assert "わざと" not in calls[1]["note"]


def test_limits_are_told_nearest_first_each_once(real: Session, taro: Person) -> None:
    """What comes nearest to each limit of LINE's, as used of most."""
    taro.tap("ない")

    limits = last(real, taro)["limits"]

    shares = [limit["share"] for limit in limits]
    assert shares == sorted(shares, reverse=True)
    named = {limit["what"]: limit for limit in limits}
    assert len(named) == len(limits)
    assert (named["messages"]["used"], named["messages"]["most"]) == (2, 5)
    assert named["quickReply.label"]["unit"] == "文字"
    assert named["quickReply.label"]["used"] == len("残っていない")


def test_every_place_it_names_is_one(real: Session, taro: Person) -> None:
    """``file:line``, and the line holds what is said there."""
    taro.tap("ない")

    made = last(real, taro)

    for say in made["says"]:
        file, line = say["place"].split(":")
        assert (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1].strip()
    assert made["says"][1]["place"].startswith("content/texts/withdrawal.yaml:")
    assert made["row"]["place"] == row_place(made["row"]["number"])


def test_its_curl_command_sends_the_same_again(real: Session, taro: Person) -> None:
    """Copied into a shell, it is signed well and answered as the duplicate it is."""
    taro.tap("ない")
    before = taro.conversation

    command = last(real, taro)["curl"]
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=30)

    assert done.stdout.startswith("HTTP/1.1 200")
    assert taro.conversation == before


def test_its_step_is_one_of_a_talk(real: Session, taro: Person) -> None:
    """Deed, ids and state, ready to paste."""
    taro.tap("ない")

    assert last(real, taro)["step"] == (
        "- tap: ない\n- bot: [reward, checking_reward]\n  state: checking_reward\n"
    )


def test_what_was_never_sent_has_no_record(session: Session, hanako: Person) -> None:
    """A copy tells the bot nothing."""
    hanako.say("やあ")
    hanako.tap("文面をコピー")

    with pytest.raises(ValueError, match="nothing was sent for tap"):
        record_of(session, hanako.done, 1)


def test_every_row_stands_where_it_is_said_to() -> None:
    """The line of the source that names its trigger, and its source where it is written out."""
    for number, row in enumerate(TABLE.rows):
        file, line = row_place(number).split(":")
        written = (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1]
        assert f'"{row.trigger}"' in written
        assert f'"{row.source}"' in written or re.search(r"\bANYWHERE\b", written)


def test_every_outcome_besides_the_usual_one_has_a_sentence() -> None:
    """What became of an event in which the flow had no say."""
    assert set(OUTCOMES) == set(Outcome) - {Outcome.APPLIED}


def test_every_guard_has_a_sentence() -> None:
    """Staff never meet a name of the code alone; and no sentence is left over."""
    assert set(GUARDS) == {row.guard.__name__ for row in TABLE.rows if row.guard}
