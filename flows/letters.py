"""Handing over a ready-made message: to whom, the message alone, and buttons that copy it."""

from __future__ import annotations

from collections.abc import Iterable

from content.letter import Letter, fill
from flows.conversation import Button, Call, Card, Copy, Say
from flows.telling import contact_id, contact_lines, fact_ids, filled, listed, phrase
from flows.turn import Turn

COPYABLE = 1000
"""Longest text a clipboard button may hold, in UTF-16 units (LINE reference, #clipboard-action)."""


def written(turn: Turn, name: str) -> str:
    """The letter *name* for this person: passages chosen, blanks shown as 【…】."""
    letter = turn.catalog.letters[name]
    return fill(letter.text, _filling(turn, letter))


_LEAVES = ("withdrawal", "phone_script", "erasure")
"""Kinds of letters that can set a withdrawal going."""


def warnings_before(turn: Turn, name: str) -> tuple[str, ...]:
    """Facts to tell before the letter *name* to somebody who has not seen what leaving costs.

    Only the exit for who cannot log in hands such a letter over before the losses were shown.
    """
    service = turn.service
    methods = [method for method in service.methods.values() if name in method.letters]
    kind = turn.catalog.letters[name].kind
    if not methods or kind not in _LEAVES or turn.answered("reviewing_losses", "proceed"):
        return ()
    steps = [key for method in methods for step in method.steps for key in step.warning]
    again = service.reward.again if service.reward else ()
    return tuple(dict.fromkeys((*steps, *again, *service.losses, *service.stays, *service.saves)))


def hand_over(turn: Turn, name: str, warnings: Iterable[str] = ()) -> list[Say]:
    """The bubble that says where it goes, then the message in a bubble of its own.

    *warnings* are facts told before it: what sending it may destroy.
    """
    letter = turn.catalog.letters[name]
    warnings = tuple(warnings)
    lines = [listed(turn, warnings)] if warnings else []
    lines.append(phrase(turn, "letter_to", recipient=filled(turn, letter.recipient)))
    facts = list(fact_ids(turn, warnings))
    if letter.contact:
        lines += contact_lines(turn, turn.service.contacts[letter.contact])
        facts.append(contact_id(turn, letter.contact))
    if subject := _subject(turn, letter):
        lines.append(phrase(turn, "letter_subject", subject=subject))
    if letter.hint:
        lines.append(letter.hint)
    lines.append(phrase(turn, "letter_talk" if letter.kind == "phone_script" else "letter_paste"))
    return [
        Say(f"letter_head:{name}", "\n".join(lines), facts=tuple(facts)),
        Say(f"letter:{name}", written(turn, name)),
    ]


def copy_card(turn: Turn, name: str, question: str) -> Card:
    """The panel under a letter: copy it, its address and subject, and the question that follows."""
    letter = turn.catalog.letters[name]
    text = written(turn, name)
    buttons: list[Button] = []
    if len(text.encode("utf-16-le")) // 2 <= COPYABLE:
        buttons.append(Copy(turn.catalog.phrases["copy_letter"], text))
    if letter.contact:
        contact = turn.service.contacts[letter.contact]
        if contact.kind == "phone":
            buttons.append(Call(turn.catalog.phrases["call"], contact.value))
        else:
            buttons.append(Copy(turn.catalog.phrases["copy_contact"], contact.value))
    if subject := _subject(turn, letter):
        buttons.append(Copy(turn.catalog.phrases["copy_subject"], subject))
    return Card(letter.title, question, buttons=tuple(buttons))


def _subject(turn: Turn, letter: Letter) -> str:
    return fill(letter.subject, _filling(turn, letter)) if letter.subject else ""


def _filling(turn: Turn, letter: Letter) -> dict[str, str]:
    """What every hole of *letter* becomes: blanks, the service, law and chosen passages."""
    found = {name: f"【{turn.catalog.fields[name].label}】" for name in letter.fields}
    found["service"] = turn.service.name
    if letter.law:
        article = turn.catalog.law[letter.law]
        found["law"] = article.cites if article.verified_on else article.polite
    for key, passage in letter.passages.items():
        found[key] = fill(passage.get(turn.reason, passage["default"]), found)
    return found
