"""Going back: somebody new stands where a person stood, with their screen and their memory.

Nothing is done again, so nothing can turn out otherwise than it did: the phone is copied, and
the app is made to remember what it remembered. Somebody new, because LINE's ids belong to one
account, and what still arrives for the old one must not reach the new. What was on its way then
is on its way again, in the new one's name.

Time does not go back, not even where only one person is there. The clock is also that of the
app's database and of LINE: an answer of the account left that still waits, the record of what was
sent and erased, LINE's tokens and this session's journal would all lie in a future that never
comes to be what it was. So the time that passed stays passed, and counts, in a talk written
afterwards, as waited for.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import millis
from bot.engine.pseudonym import event_key
from bot.simulator import envelope, happenings
from bot.simulator.done import Done
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.store.rules import MINUTE, STALE_AFTER


def back(session: Session, person: Person, deeds: int) -> Person:
    """Somebody in the place of *person* who did only the first so many of their *deeds*.

    `Session.person` means them from now on. Raises LookupError where there are not so many, and
    what `Session.deliver` raises.
    """
    return fork(session, person, person.name, deeds)


def undo(session: Session, person: Person) -> Person:
    """Somebody in the place of *person* who did everything but the last. Raises as `back`."""
    if not person.done:
        raise LookupError("取り消せることがありません")
    return back(session, person, len(person.done) - 1)


def fork(session: Session, person: Person, name: str, deeds: int | None = None) -> Person:
    """Somebody called *name* beside *person*, who did the same *deeds* (default: all).

    Raises as `back`.
    """
    count = len(person.done) if deeds is None else deeds
    if not 0 <= count <= len(person.done):
        raise LookupError("そこまで戻れることがありません")
    standing = person.standing if count == len(person.done) else person.done[count].before
    newcomer = session.newcomer(name)
    newcomer.stand_as(person, standing, person.done[:count])
    menus = session.line.rich_menus
    menus.link(newcomer.id, menus.linked(person.id))
    if standing.conversation is not None:
        event = session.event(happenings.follow(), envelope.person(newcomer.id), newcomer.id)
        if newcomer.mail.held:
            event["timestamp"] = _latest_arrived(newcomer.done, millis(session.clock.now()))
        session.watch.plant(event_key(event["webhookEventId"]), standing.conversation)
        session.deliver([event])
    return newcomer


def _latest_arrived(done: Sequence[Done], now: int) -> int:
    """When the newest thing happened of all that reached the bot, in ms since 1970.

    What is still on its way is late, or is not, by this. Not so long before *now* that the app
    would take no notice: what is older than that is not heeded either when it arrives.
    """
    turns = [each.turn for each in done if each.turn is not None and each.turn.arrives]
    arrived: list[int] = [event["timestamp"] for turn in turns for event in turn.events]
    return max([now - STALE_AFTER + MINUTE, *arrived])
