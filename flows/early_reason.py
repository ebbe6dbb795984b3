"""A reason told before it was asked for becomes the answer to its question."""

from __future__ import annotations

from dataclasses import replace

from flows.conversation import Answer, Conversation
from flows.trail import play, take
from flows.turn import ERASE_DATA, UNSAID, Turn


def reason_given(conversation: Conversation, turn: Turn) -> tuple[Conversation, Turn]:
    """*conversation* and *turn* with the reason given, where its question would be asked now.

    So it is of this case alone, and 戻る and 状況 change it like any other. A service that has no
    such reason takes it as 「その他」 rather than ask somebody who has said it. The wish to erase
    stays beside the answers: it holds for every service.
    """
    if conversation.meant in ("", ERASE_DATA):
        return conversation, turn
    asked = play(turn.catalog, turn.slug, turn.trail, turn.now, number=turn.number)
    after = turn.trail[len(asked.trail) :]  # made with the question left out already
    for reason in (conversation.meant, UNSAID):
        if take(asked, Answer("giving_reason", "choose", reason)):
            for made in after:
                take(asked, made)
            return replace(conversation, meant=""), asked
    return conversation, turn
