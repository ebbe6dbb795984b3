"""The terminal chat: good in a pipe, and every command does what its help says."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.simulator.screen import received
from bot.simulator.session import Session
from bot.simulator.talk.format import read_talk
from bot.simulator.talk.holding import hold
from bot.simulator.terminal.chat import chat
from bot.simulator.terminal.commands import HELP
from bot.simulator.troubles import ABOUT
from tests.simulator.typist import Typist

CHAT = "import sys; from bot.simulator.terminal.chat import chat; sys.exit(chat())"


def typed(session: Session, *lines: str) -> str:
    """What the terminal shows when *lines* are typed."""
    session.newcomer("hanako")
    out = io.StringIO()
    assert chat(session, stdin=io.StringIO("\n".join(lines) + "\n"), stdout=out) == 0
    return out.getvalue()


def piped(lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a real pipe."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", CHAT],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_it_talks_in_a_pipe_with_the_real_bot() -> None:
    """Plain text without a colour code, no log in between, and a clean end."""
    done = piped("薬キャリ\n/state\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert "greeting" in done.stdout
    assert "hanako> 薬キャリ" in done.stdout
    assert "サービス yakukyari" in done.stdout
    assert "\x1b" not in done.stdout


def test_it_refuses_to_talk_with_the_real_line() -> None:
    """A sentence and an exit code, no traceback."""
    done = piped("やあ\n", LINE_API_BASE="https://api.line.me")

    assert done.returncode == 1
    assert "LINE_API_BASE" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_number_taps_the_choice_it_stands_for(session: Session) -> None:
    """The number the bot's own message gives it."""
    shown = typed(session, "2")

    assert "[2] ある" in shown
    assert "はい1" in shown


def test_a_number_that_stands_for_nothing_is_sent_as_it_is(session: Session) -> None:
    """And /say sends any number as text, slash or not."""
    assert "99、ですね" in typed(session, "99")
    assert "1、ですね" in typed(session, "/say 1")
    assert "/help、ですね" in typed(session, "/say /help")


def test_a_copy_button_shows_what_was_copied(session: Session) -> None:
    """The text flush left, ready to be taken."""
    shown = typed(session, "やあ", "5")

    assert "コピーしました:\n退会します。【お名前】\n" in shown


def test_a_letter_stands_between_marks_and_is_nothing_but_itself(session: Session) -> None:
    """Not indented, not wrapped, not framed: it is to be copied."""
    from bot.simulator.screen import Message
    from bot.simulator.terminal.view import View
    from flows.conversation import Say

    person = session.newcomer("hanako")
    text = "エムスリー株式会社 御中\n  字下げのある行\n" + "長い行" * 60
    say = Say("letter:example", text)
    person.show(Message("1", False, "text", text, session.clock.now(), say=say))
    out = io.StringIO()

    View(out).answer(person)

    _, above, *letter, below = out.getvalue().rstrip("\n").split("\n")
    assert "ここから" in above
    assert "ここまで" in below
    assert "\n".join(letter) == text


def test_old_buttons_are_listed_and_tapped_by_number(session: Session) -> None:
    """They stay for ever in a chat; the newest stands first."""
    shown = typed(session, "やあ", "だまって", "おい", "/old", "/tap 1", "/tap 9")

    assert "[1] はい  ←" in shown
    assert "\n  2\n" in shown  # what the first card's button answers: its turn
    assert "！ /old で番号を確かめて" in shown


def test_a_date_is_typed_behind_the_number_of_its_button(session: Session) -> None:
    """What the picker would not take is refused with what it takes."""
    person = session.newcomer("hanako")
    picker = {"type": "datetimepicker", "label": "日にち", "data": "x", "mode": "date"}
    body = {"type": "text", "text": "いつですか", "quickReply": {"items": [{"action": picker}]}}
    out = io.StringIO()

    def ask() -> None:
        person.show(received("1", body, session.clock.now()))

    chat(session, stdin=Typist(ask, "1", "1 あした", "1 2026-04-01"), stdout=out)

    assert out.getvalue().count("！ ") == 2
    assert person.done[-1].turn is not None
    [event] = person.done[-1].turn.events
    assert event["postback"] == {"data": "x", "params": {"date": "2026-04-01"}}


def test_undo_goes_back_one_step(session: Session) -> None:
    """The screen and the memory of before, and nothing said again; the first deed stays."""
    shown = typed(session, "2", "やあ", "/undo", "/undo", "2", "/undo", "/undo")

    assert shown.count("一つ前に戻りました") == 3
    assert shown.count("  はい1\n") == 3  # said, shown again by the first undo, and said anew
    assert "！ 取り消せることがありません" in shown


def test_jump_goes_by_the_shortest_way_and_state_tells_why() -> None:
    """In a pipe, with the real flow: how it was read, which guard said what, which row it was."""
    done = piped("/jump checking_reward yakukyari\n/state\n/undo\n/jump finishing nowhere\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert "状態 checking_reward  サービス yakukyari" in done.stdout
    assert "＋ checking_selection → deny" in done.stdout
    assert "読みとり ボタン：「選考の確認」の「ない」" in done.stdout
    assert "（rewards_a_found_job）: いいえ  flows/withdrawal.py:" in done.stdout
    assert "（rewards_a_balance）: はい  flows/withdrawal.py:" in done.stdout
    assert "行 deny: checking_selection → checking_reward  flows/withdrawal.py:" in done.stdout
    assert "！ 「nowhere」というサービスはありません" in done.stdout


def test_time_faults_and_repetitions_can_be_arranged(session: Session) -> None:
    """Each says what it did."""
    shown = typed(session, "/clock +24h", "/fault 500 1", "/state", "やあ", "/dup", "/redeliver")

    assert "次の1回は 500 になります" in shown
    assert "これから起きる故障: 500（500 エラー） あと1回" in shown
    assert "やあ、ですね" in shown
    assert shown.count("（返信はありません）") == 2


def test_all_that_can_go_wrong_is_listed_with_a_word_on_each(session: Session) -> None:
    """Those of calls and those of webhooks; then what was arranged. /fault off calls it off."""
    shown = typed(session, "/fault", "/fault swap 2", "/fault", "/fault off", "/fault")
    first, second, third = shown.split("hanako> /fault\n")[1:]

    for trouble, about in ABOUT.items():
        assert re.search(rf"^  {trouble.value} +{re.escape(about)}$", first, re.MULTILINE)
    assert "これから起きる故障: swap（次のものと順番が入れかわって届く） あと2回" in second
    assert "これから起きる故障" not in first + third


def test_what_is_held_up_is_told_and_arrives_when_told_to(session: Session) -> None:
    """By itself as the clock goes on, or now; /state lists it."""
    shown = typed(
        session,
        *("/fault delay", "やあ", "/state", "/clock +1m"),
        *("/fault drop", "おい", "/arrive", "/arrive", "/fault lose", "ねえ"),
    )

    assert "（ボットに届いていません：遅れて届く。/arrive で届きます）" in shown
    assert "届く途中: テキスト（遅れて届く）" in shown
    assert "遅れていたものが届きました" in shown
    assert shown.index("遅れていたものが届きました") < shown.index("やあ、ですね")
    assert shown.index("/arrive\n") < shown.index("おい、ですね")
    assert "！ 届く途中のものはありません" in shown
    assert "届かず、再送もされない。もう一度送ってください" in shown


def test_after_an_undo_there_is_nothing_of_the_new_account_to_repeat(session: Session) -> None:
    """LINE's events are those of the account left; something sent anew can be repeated."""
    shown = typed(session, "やあ", "/undo", "/dup", "/redeliver", "おい", "/dup")

    assert shown.count("！ 戻った先は新しいアカウントで、まだ何も送っていません") == 2
    assert "/dup\n（返信はありません）" in shown.split("おい、ですね")[1]


def test_other_people_can_join(session: Session) -> None:
    """Each with a chat of their own, and one comes back to the first."""
    shown = typed(session, "やあ", "/user jiro-of-the-terminal", "おい", "/user hanako", "/state")

    assert "jiro-of-the-terminal> おい" in shown
    assert "hanako> /state" in shown


def test_blocking_and_coming_back(session: Session) -> None:
    """After a block the bot remembers nothing."""
    shown = typed(session, "やあ", "/block", "/state", "/follow", "/sticker", "/image", "/unsend")

    assert "何も覚えられていません" in shown
    assert "stickerですね" in shown
    assert "imageですね" in shown


@pytest.mark.parametrize(
    "line",
    [
        "/nonsense",
        "/tap",
        "/user",
        "/clock yesterday",
        "/fault 404",
        "/fault 500 x",
        "/fault 500 0",
        "/send stiker",
    ],
)
def test_what_is_not_understood_is_said_and_the_chat_goes_on(session: Session, line: str) -> None:
    """A typing error ends nothing."""
    shown = typed(session, line, "やあ")

    assert "！" in shown
    assert "やあ、ですね" in shown


def test_help_names_every_command(session: Session) -> None:
    """Each one that is told there is understood."""
    shown = typed(session, "/help")

    for word in HELP.split():
        if word.startswith("/") and word not in ("/", "/quit"):
            assert word in shown
            assert f"！ {word} は分かりません" not in typed(session, word)


def test_a_saved_conversation_is_a_talk_that_holds(session: Session, tmp_path: Path) -> None:
    """From the prompt to a test; a file that is there is not overwritten."""
    path = tmp_path / "saved.yaml"
    shown = typed(session, "2", "やあ", "5", "だまって", f"/save {path}", f"/save {path}", "/save")

    [talk] = read_talk(path, tmp_path, session.catalog)
    hold(talk, session)

    assert "！" in shown
    assert "talk: （題名）" in shown


def test_a_saved_conversation_knows_which_of_several_cards_was_tapped(
    session: Session, tmp_path: Path
) -> None:
    """Their buttons read alike, so that a talk needs the place; of an older message too."""
    path = tmp_path / "cards.yaml"
    typed(session, "えらんで", "2", "やあ", "/old", "/tap 1", "/state", f"/save {path}")

    [talk] = read_talk(path, tmp_path, session.catalog)
    hold(talk, session)

    places = [step.tap.nth for step in talk.steps if step.tap]
    assert places == [2, 1]


def test_quitting_ends_it(session: Session) -> None:
    """What stands behind /quit is not read."""
    assert "やあ" not in typed(session, "/quit", "やあ")
