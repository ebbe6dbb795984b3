"""What a page may ask for in one person's name: each a function from JSON to JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator import screen
from bot.simulator.fake_line.rich_menus import RichMenu
from bot.simulator.jump import NoWayError
from bot.simulator.render.rich_menu import rich_menu
from bot.simulator.screen import MENU, Message
from bot.simulator.talk.replay import replayed
from bot.simulator.web.feed import Feed
from bot.simulator.web.people import People

Json = dict[str, Any]
Deed = Callable[[People, Feed, Json], Json]

NOT_A_FRIEND = "友だちではないので送れません。"


def follow(people: People, feed: Feed, body: Json) -> Json:
    """Add the bot, or unblock it."""
    back = feed.face == "blocked"
    note = "ブロックを解除しました" if back else "友だちに追加しました"
    feed.do(lambda: feed.person.follow(unblocked=back), note)
    return {}


def block(people: People, feed: Feed, body: Json) -> Json:
    """Block the bot."""
    feed.do(lambda: feed.person.unfollow(), "ブロックしました")
    return {}


def say(people: People, feed: Feed, body: Json) -> Json:
    """Write ``text``."""
    text = _friendly_text(feed, body.get("text"))
    feed.do(lambda: feed.person.say(text))
    return {}


def send(people: People, feed: Feed, body: Json) -> Json:
    """Send something of ``kind``."""
    kind = _friendly_text(feed, body.get("kind"))
    feed.do(lambda: feed.person.send(kind))
    return {}


def tap(people: People, feed: Feed, body: Json) -> Json:
    """Tap what carries the ``action``, on entry ``n`` where it was seen. Old ones are as good.

    ``picked`` is what was chosen on a date picker. The rich menu is the entry "rich_menu".
    """
    n = body.get("n")
    message = _menu(people, feed) if n == MENU else feed.message(n)
    for button in (*message.buttons, *message.quick_replies):
        if button.action == body.get("action"):
            break
    else:
        raise LookupError("そのボタンはありません。")
    if button.passing and button not in feed.person.quick_replies:
        raise LookupError("この返信の候補は、もう消えています。")
    if feed.face != "friend" and button.kind not in ("uri", "clipboard"):
        raise ValueError(NOT_A_FRIEND)
    picked = _text(body, "picked")
    feed.do(lambda: feed.person.press(message, button, picked=picked))
    return {}


def menu(people: People, feed: Feed, body: Json) -> Json:
    """The rich menu at the foot of the talk, None for none; its id alone where it is ``known``."""
    shown = _shown_menu(people, feed)
    if shown is None:
        return {"menu": None}
    return {"menu": {"id": shown.id} if shown.id == body.get("known") else rich_menu(shown)}


def unsend(people: People, feed: Feed, body: Json) -> Json:
    """Take back the last message."""
    feed.do(lambda: feed.person.unsend(), "メッセージの送信を取り消しました")
    return {}


def duplicate(people: People, feed: Feed, body: Json) -> Json:
    """Deliver the last events once more, as LINE's network may."""
    feed.do(lambda: feed.person.duplicate(), "同じ出来事をもう一度届けました")
    return {}


def redeliver(people: People, feed: Feed, body: Json) -> Json:
    """Deliver the last events once more, marked as a redelivery."""
    feed.do(lambda: feed.person.redeliver(), "同じ出来事を再送として届けました")
    return {}


def arrive(people: People, feed: Feed, body: Json) -> Json:
    """Deliver now what is on its way longest."""
    feed.do(lambda: feed.person.arrive(), "遅れていたものが届きました")
    return {}


def undo(people: People, feed: Feed, body: Json) -> Json:
    """Be again where the last deed began."""
    if not feed.person.done:
        raise LookupError("取り消せることがありません。")
    people.back(feed, len(feed.person.done) - 1)
    return {}


def restart(people: People, feed: Feed, body: Json) -> Json:
    """Be again where turn ``n`` began."""
    people.back(feed, feed.done(body.get("n")))
    return {}


def fork(people: People, feed: Feed, body: Json) -> Json:
    """Let somebody else be who did the same, up to and with turn ``n`` (default: all)."""
    n = body.get("n")
    return {"person": people.fork(feed, None if n is None else feed.done(n) + 1)}


def jump(people: People, feed: Feed, body: Json) -> Json:
    """Be in ``state`` by the shortest way, in ``service`` or the one in hand.

    With ``force``, where that has no way there, in any service that has one.
    """
    conversation = feed.person.conversation
    service = _text(body, "service") or (conversation.service if conversation else "")
    state = _text(body, "state")
    try:
        people.jump(feed, state, service)
    except NoWayError:
        if not body.get("force") or not service:
            raise
        people.jump(feed, state)
    return {}


def talk(people: People, feed: Feed, body: Json) -> Json:
    """Write down what was done as a talk called ``title``, and hold it once with somebody new."""
    title = _text(body, "title").strip() or "（題名）"
    replay = replayed(people.session, feed.person, title)
    told: Json = {"yaml": replay.yaml, "name": replay.name, "replayed": not replay.problem}
    return told | ({"problem": replay.problem} if replay.problem else {})


DEEDS: Mapping[str, Deed] = {
    deed.__name__: deed
    for deed in (
        *(follow, block, say, send, tap, menu, unsend, duplicate, redeliver, arrive),
        *(undo, restart, fork, jump, talk),
    )
}


def _shown_menu(people: People, feed: Feed) -> RichMenu | None:
    """The rich menu that is there, once it has its picture."""
    shown = people.session.line.rich_menus.shown_to(feed.person.id)
    return shown if shown is not None and shown.image else None


def _menu(people: People, feed: Feed) -> Message:
    """The rich menu as what can be tapped. Raises LookupError for none."""
    shown = _shown_menu(people, feed)
    if shown is None:
        raise LookupError("そのメニューは、もうありません。")
    return screen.menu(shown.json, people.session.clock.now())


def _friendly_text(feed: Feed, given: object) -> str:
    """Take a text from somebody who can send one. Raises ValueError otherwise."""
    if not isinstance(given, str) or not given.strip() or len(given) > 5000:
        raise ValueError("送れるのは1文字から5000文字までです。")
    if feed.face != "friend":
        raise ValueError(NOT_A_FRIEND)
    return given


def _text(body: Json, key: str) -> str:
    """The text under *key*, "" for none. Raises ValueError for anything else."""
    given = body.get(key)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise ValueError(f"{key} は文字で送ってください。")
    return given
