"""Going back: somebody new stands where a person stood, with their screen and their memory.

Nothing is done again, so nothing can turn out otherwise than it did: the phone is copied, and
the app is made to remember what it remembered. Somebody new, because LINE's ids belong to one
account, and what still arrives for the old one must not reach the new. Time does not go back:
the clock is everybody's.
"""

from __future__ import annotations

from bot.engine.pseudonym import event_key
from bot.simulator import envelope, happenings
from bot.simulator.people import Person
from bot.simulator.session import Session


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
    if standing.conversation is not None:
        event = session.event(happenings.follow(), envelope.person(newcomer.id), newcomer.id)
        session.watch.plant(event_key(event["webhookEventId"]), standing.conversation)
        session.deliver([event])
    return newcomer
