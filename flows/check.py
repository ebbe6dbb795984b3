"""Words and table held together: a state nobody can speak in, a button that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.letter import holes
from content.problems import Problem
from content.reader import Document, Place
from flows.sentences import AS_WRITTEN, LINES, PHRASES, WORDS
from flows.understanding.meanings import ABOUT, EVERYWHERE
from flows.withdrawal import TABLE

BEYOND_THE_TABLE = {
    "back": None,
    "agree": "confirming_erasure",
    "mean_service": "confirming_erasure",
}
"""Buttons whose move works on the moves themselves (flows/moves.py), and where they may stand."""

_SENT = "sent_"
"""Begins a phrase said to a kind of message: there is one for each kind somebody wrote for."""

_NAMED_BY_CONTENT = (
    "giving_reason", "considering_alternative", "choosing_method", "reviewing_losses",
)  # fmt: skip
"""States in which keys of the content are picked: reasons, alternatives, methods, topics."""


def problems(catalog: Catalog) -> list[Problem]:
    """Every mismatch between what is written in the content and what the flow says."""
    found: list[Problem] = []
    texts = {
        state: document
        for document in catalog.documents.values()
        if document.file.startswith("texts/") and isinstance(document.data, dict)
        for state in document.data
    }
    for state in TABLE.states:
        if state not in catalog.texts:
            found.append(
                Problem(
                    "texts/withdrawal.yaml", 0, f"状態 {state} の言葉がありません",
                    f"{state}: の見出しで name・say・again を書いてください",
                )
            )  # fmt: skip
    for state, document in texts.items():
        found += _one_state(catalog, state, document)
    if "words.yaml" in catalog.documents:
        found += _words(catalog, catalog.documents["words.yaml"])
    if catalog.phrases:  # unread, they are a problem of their own
        found += _phrases(catalog, catalog.documents["phrases.yaml"])
    return found


def _one_state(catalog: Catalog, state: str, document: Document) -> Iterator[Problem]:
    if state not in TABLE.states:
        yield document.problem(
            (state,), f"状態 {state} はもうありません", "見出しごと消してください"
        )
        return
    text = catalog.texts[state]
    ways = TABLE.triggers_from(state)
    for button in text.buttons:
        where = BEYOND_THE_TABLE.get(button, "")
        if button not in ways and where not in (None, state):
            yield document.problem(
                (state, "buttons", button),
                f"ボタン {button} を押しても進む先がありません",
                "flows/withdrawal.py の表にある名前に直すか、消してください",
            )
    picked_by_argument = {"choose", "ask_back", "take_letter", "read_topic", "review", "erase"}
    for trigger in sorted(ways - picked_by_argument - set(text.buttons)):
        yield document.problem(
            (state, "buttons"),
            f"{trigger} で進むためのボタンの言葉がありません",
            f"buttons に {trigger}: を書き足してください",
        )
    for key in (name for owner, name in LINES if owner == state and name not in text.lines):
        yield document.problem(
            (state, "lines"),
            f"「{key}」の一文がありません",
            f"lines に {key}: を書き足してください",
        )
    for key in sorted(name for name in text.lines if (state, name) not in LINES):
        yield document.problem(
            (state, "lines", key),
            f"「{key}」の一文はどこでも言いません",
            "つづりを直すか、消してください",
        )
    yield from _holes(document, (state, "say"), text.say, WORDS)
    yield from _holes(document, (state, "again"), text.again, WORDS)
    for button, label in text.buttons.items():
        yield from _holes(document, (state, "buttons", button), label, frozenset())
    for key, wording in text.lines.items():
        filled = WORDS | set(LINES.get((state, key), "").split())
        yield from _holes(document, (state, "lines", key), wording, filled)


def _words(catalog: Catalog, document: Document) -> Iterator[Problem]:
    """Words for a question or a button that there is not.

    What the content names itself, such as methods, may be worded before a service has it.
    """
    buttons = {row.trigger for row in TABLE.rows} | {*BEYOND_THE_TABLE, ABOUT}
    buttons |= {"unknown", "arrives", "rejoin"}  # topics that every service has
    for state, said in catalog.words.said_for.items():
        if state not in (EVERYWHERE, *TABLE.states):
            yield document.problem(
                (state,), f"質問 {state} はありません", "つづりを直すか、見出しごと消してください"
            )
        for button in sorted(set(said) - buttons) if state not in _NAMED_BY_CONTENT else ():
            yield document.problem(
                (state, button), f"ボタン {button} はありません", "つづりを直すか、消してください"
            )


def _phrases(catalog: Catalog, document: Document) -> Iterator[Problem]:
    for key in sorted({*PHRASES, *AS_WRITTEN} - set(catalog.phrases)):
        yield document.problem((), f"「{key}」の言葉がありません", f"{key}: を書き足してください")
    for key, wording in catalog.phrases.items():
        if not (key in PHRASES or key in AS_WRITTEN or key.startswith(_SENT)):
            mend = "つづりを直すか、消してください"
            yield document.problem((key,), f"「{key}」の言葉はどこでも言いません", mend)
            continue
        own = set(PHRASES.get(key, AS_WRITTEN.get(key, "")).split())
        filled = own if key in AS_WRITTEN else WORDS | own
        yield from _holes(document, (key,), wording, frozenset(filled))


def _holes(
    document: Document, place: Place, wording: str, filled: frozenset[str]
) -> Iterator[Problem]:
    """Every hole of *wording* that nothing fills: it would be an error in somebody's talk."""
    try:
        unknown = sorted(set(holes(wording)) - filled)
    except ValueError:
        yield document.problem(place, "{ と } が揃っていません", "対になるように直してください")
        return
    known = "・".join(f"{{{name}}}" for name in sorted(filled))
    for hole in unknown:
        yield document.problem(
            place,
            f"{{{hole}}} に入るものがありません",
            f"{known} のどれかに直してください" if known else "{ } を消してください",
        )
