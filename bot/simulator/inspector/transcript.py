"""One conversation as a file to pass on: what was said, what it meant, how to hold it again.

A page without a script that loads nothing. Redacted: whoever reports a problem should not have
to look through it first.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from bot.simulator.done import Done
from bot.simulator.inspector.record import record_of
from bot.simulator.inspector.redaction import Redaction
from bot.simulator.people import Person
from bot.simulator.render.markup import Html, element, join
from bot.simulator.render.message import render, render_quick_replies
from bot.simulator.render.static_page import lifeless, page, sheet
from bot.simulator.screen import Message
from bot.simulator.session import Session
from bot.simulator.talk.record import talk
from bot.simulator.troubles import Trouble

SHEETS = ("message.css", "flex.css", "transcript.css")

Json = dict[str, Any]


def transcript(session: Session, person: Person) -> str:
    """All that *person* and the bot said, turn by turn, as one HTML file."""
    hide = Redaction(str(done.deed.value) for done in person.done if done.deed.name in TYPED)
    parts = [
        element("h1", "退会ナビ 会話の記録"),
        _about(session, person),
        element("h2", "会話"),
        element("ol", *_turns(session, person, hide), class_="turns"),
        element("h2", "同じ会話をもう一度（台本）"),
        element("pre", hide.text(talk("会話の記録", person.done))),
    ]
    sheets = (sheet(name) for name in SHEETS)
    return page("退会ナビ 会話の記録", element("main", *parts, class_="transcript"), *sheets)


TYPED = ("say", "aside")
"""Deeds whose value is what somebody wrote."""


def _about(session: Session, person: Person) -> Html:
    """What one needs to know to see the same again."""
    turns = [done.turn for done in person.done if done.turn]
    struck: list[Trouble | None] = [turn.mishap for turn in turns]
    struck += [call.fault for turn in turns for call in turn.calls]
    told = {
        "プログラム（コミット）": _commit() or "不明",
        "内容の版": session.catalog.version,
        "シミュレーターの時刻": session.clock.now().isoformat(timespec="seconds"),
        "状態": person.state or "なし",
        "わざと起こした故障": "、".join(each.value for each in struck if each) or "なし",
    }
    note = "利用者のID・トークン・打たれた個人情報は【伏せました】に置きかえてあります。"
    return join([_listed(told), element("p", note)])


def _listed(told: Mapping[str, str]) -> Html:
    rows = (join([element("dt", name), element("dd", value)]) for name, value in told.items())
    return element("dl", *rows)


def _turns(session: Session, person: Person, hide: Redaction) -> Iterator[Html]:
    turns = [done for done in person.done if done.turn is not None]
    for place, done in enumerate(person.done):
        following = person.done[place + 1 : place + 2]
        end = following[0].before.seen if following else len(person.seen)
        shown = [_message(each, hide) for each in person.seen[done.before.seen : end]]
        if done.turn is None:
            yield element("li", _deed(done, hide), *shown)
            continue
        made = record_of(session, turns, turns.index(done))
        yield element("li", _deed(done, hide), *shown, _details(hide.json(made)))


def _deed(done: Done, hide: Redaction) -> Html:
    value = done.deed.value
    words = value if isinstance(value, str) else (value or {}).get("label", "")
    at = f"{done.turn.at:%Y-%m-%d %H:%M:%S} " if done.turn else ""
    return element("p", at, element("code", done.deed.name), " ", hide.text(words), class_="deed")


def _message(message: Message, hide: Redaction) -> Html:
    if message.mine:
        words = hide.text(message.text) or f"（{message.kind}）"
        return element("div", words, class_="own")
    drawn = hide.json(message.json)
    return element("div", lifeless(join([render(drawn), render_quick_replies(drawn)])), class_="it")


def _details(made: Json) -> Html:
    """How the turn was taken, and everything as it was on the wire."""
    row = made["row"]
    moved = f"{row['source']} → {row['dest']}（{row['place']}）" if row else "表の行ではありません"
    guards = [
        f"{tried['guard_says'] or '条件なし'}：{'はい' if tried['passed'] else 'いいえ'}"
        for tried in made["tries"]
    ]
    told = {
        "読みとり": made["understood"],
        "条件": "、".join(guards) or "なし",
        "動き": moved,
        "返したもの": "、".join(f"{say['id']}（{say['place']}）" for say in made["says"]) or "なし",
        "LINEへ": "、".join(f"{call['status']} {call['path']}" for call in made["calls"]) or "なし",
    }
    raw = {key: made[key] for key in ("event", "before", "after", "messages", "calls")}
    written = orjson.dumps(raw, option=orjson.OPT_INDENT_2).decode()
    return element(
        "details",
        element("summary", "この番の記録"),
        _listed(told),
        element("pre", written),
    )


def _commit() -> str:
    """The commit the program runs from; "" where it is not in a git repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    here = Path(__file__).parent
    asked = [git, "-C", str(here), "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - the command is ours
    return done.stdout.strip()
