"""What is true of every move: where a button leads, and that no answer is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.simulator.explore.scene import Scene
from flows.cases import settled
from flows.conversation import LOBBY, Answer, Conversation
from flows.moves import here
from flows.turn import LOOKS, OVER
from flows.withdrawal import TABLE

EXCUSES = frozenset({"old_button_gone", "old_button_kept", "sent_unknown_button"})
"""What is said to a button that does nothing any more."""

TOLD_OF = frozenset({"old_button_resumes", "restarted", "undone", "changed", "means_service"})
"""Messages that say what became of earlier answers."""


def a_button_on_the_screen_works(scene: Scene) -> Iterator[str]:
    """What the present question offers is never met with an excuse."""
    if scene.fresh and (excuse := sorted(scene.ids & EXCUSES)):
        yield f"いま出ているボタンなのに {excuse[0]} と答えています"


def an_old_button_leads_nowhere_else(scene: Scene) -> Iterator[str]:
    """To the place where it was shown, with its own answer given, or nowhere at all."""
    at, move = scene.pressed, scene.move
    if at is None or move is None or scene.fresh:
        return
    if scene.after is None:
        if scene.before.turn:  # nobody yet: the second tap on データを消す finds nothing
            yield "前のボタンで記録が消えました"
        return
    slugs = {scene.before.service, at.service, at.argument.split("/")[0]}
    if scene.after.service not in {*slugs, LOBBY}:
        yield f"前のボタンで、頼んでいない {scene.after.service} に移りました"
    slug = scene.after.service
    now = _answers(scene.after.cases.get(slug, ()))
    kept = now[:-1] if now and _is_given(now[-1], move) else now
    # A change that was begun may be left as it is, or taken back.
    if not any(_goes_on(now, kept, was.cases.get(slug, ())) for was in _ways_back(scene.before)):
        yield "前のボタンで、頼んでいない場所に移りました"


def no_answer_is_lost_without_a_word(scene: Scene) -> Iterator[str]:
    """Whoever taps an old button keeps their answers, or is told from where they go on."""
    if scene.pressed is None or scene.fresh or scene.after is None or scene.ids & TOLD_OF:
        return
    slug = scene.before.service
    was = {*_answers(scene.before.trail), *_answers(scene.before.later)}
    now = {*_answers(scene.after.cases.get(slug, ())), *_answers(scene.after.later)}
    if slug == LOBBY or not was - now:
        return
    if here(settled(scene.before), scene.catalog, scene.step.now).state != OVER:
        lost = "、".join(sorted(made.state for made in was - now))
        yield f"前のボタンで、答え（{lost}）が黙って消えました"


def other_cases_wait(scene: Scene) -> Iterator[str]:
    """What was answered for another service stands, unless everything is begun anew."""
    if scene.after is None or "restarted" in scene.ids:
        return
    about = {scene.before.service, scene.after.service, LOBBY}
    for slug in sorted(set(scene.before.cases) - about):
        if scene.before.cases[slug] != scene.after.cases.get(slug):
            yield f"話していない {slug} の答えが変わりました"


def the_memory_stays_small(scene: Scene) -> Iterator[str]:
    """No question is answered twice in one case, so nothing grows without end."""
    if scene.after is None:
        return
    for slug, trail in scene.after.cases.items():
        states = [made.state for made in trail]
        if len(states) != len(set(states)):
            yield f"{slug} の同じ質問に、答えが二つ残っています"


def _ways_back(before: Conversation) -> Iterator[Conversation]:
    """What an old button may go on from: seldom more than the first has to be worked out."""
    yield before
    yield settled(before)


def _goes_on(now: Sequence[Answer], kept: Sequence[Answer], was: Sequence[Answer]) -> bool:
    """Whether the answers *now* are those that *was* had, or *kept* its first ones."""
    given = _answers(was)
    return now == given or kept == given[: len(kept)]


def _is_given(made: Answer, move: Answer) -> bool:
    """Whether *made* is the tapped *move*; a service may be picked in the list or from a doubt."""
    return made[1:] == move[1:] and (made.state == move.state or made.state == TABLE.initial)


def _answers(trail: Sequence[Answer]) -> tuple[Answer, ...]:
    """The moves of *trail* that answer something."""
    return tuple(made for made in trail if made.trigger not in LOOKS)


RULES = (
    a_button_on_the_screen_works,
    an_old_button_leads_nowhere_else,
    no_answer_is_lost_without_a_word,
    other_cases_wait,
    the_memory_stays_small,
)
