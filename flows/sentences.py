"""Every sentence the flow takes from the content by name, and the holes it fills in each.

Questions and buttons are not here: what they need follows from the table. A sentence missing
from the content would be an error in the middle of somebody's talk, so `flows.check` looks for
all of them, and a test holds this list against the code.
"""

from __future__ import annotations

WORDS = frozenset({"service", "reward", "reward_act", "method", "state"})
"""Holes that are filled everywhere but in `AS_WRITTEN`."""

LINES: dict[tuple[str, str], str] = {
    ("choosing_service", "continue"): "",
    ("telling_apart", "about"): "name",
    ("telling_apart", "several"): "",
    ("checking_selection", "length"): "count",
    ("handling_selection", "title"): "",
    ("stopping_for_reward", "title"): "",
    ("claiming_reward", "title"): "",
    ("giving_reason", "meant"): "reason",
    ("choosing_method", "pick"): "",
    ("choosing_method", "needs"): "fields",
    ("reviewing_losses", "losses"): "",
    ("reviewing_losses", "stays"): "",
    ("reviewing_losses", "saves"): "",
    ("following_steps", "title"): "",
    ("following_steps", "warning"): "",
    ("naming_stuck_step", "step"): "number",
    ("getting_unstuck", "title"): "number",
    ("getting_unstuck", "nothing"): "",
    ("awaiting_result", "title"): "",
    ("chasing_reply", "title"): "",
    ("chasing_reply", "date"): "days date",
    ("chasing_reply", "desk"): "name phone hours",
    ("regaining_login", "title"): "",
    ("reviewing_answers", "title"): "",
    ("reviewing_answers", "here"): "",
    ("reviewing_answers", "change"): "",
    ("reviewing_answers", "nothing"): "",
}
"""Under ``lines`` of a state: what fills holes of its own."""

PHRASES: dict[str, str] = {
    "fresh_dated": "when",
    "fresh_undated": "",
    "fresh_unconfirmed": "",
    "fresh_general": "",
    "fresh_verified": "when",
    "month": "year month",
    "hours": "open close",
    "hours_now": "",
    "hours_next": "date open",
    "hours_unknown": "",
    "contact": "purpose value",
    "conflict": "text",
    "letter_to": "recipient",
    "letter_subject": "subject",
    "letter_paste": "",
    "letter_talk": "",
    "resumed": "",
    "welcome_back": "",
    "old_button_resumes": "",
    "old_button_kept": "",
    "old_button_gone": "",
    "nothing_before": "",
    "undone": "",
    "restarted": "",
    "changed": "",
    "means_service": "",
    "help": "",
    "miss_1": "",
    "miss_2": "",
    "miss_3": "",
    "miss_4": "",
    "miss_5": "",
    "unsupported": "",
    "sent_unknown": "",
    "personal_data": "",
    "distress": "desks",
    "desk": "name phone hours",
    "desk_age": "",
}
"""In phrases.yaml, filled with `WORDS` and what is named here."""

AS_WRITTEN: dict[str, str] = {
    "greeting": "operator",
    "greeting_privacy": "url",
    "greeting_erase": "",
    "day": "month day weekday",
    "long_day": "year month day",
    "weekdays": "",
    "back": "",
    "call": "",
    "copy_letter": "",
    "copy_contact": "",
    "copy_subject": "",
    "topic_unknown": "",
    "topic_arrives": "",
    "topic_rejoin": "",
    "erased": "",
    "alt_text": "",
    "fallback": "",
    "answer_refused": "",
    "memory_lost": "",
    "crowded": "",
    "group": "",
}
"""In phrases.yaml, filled with nothing but what is named here; the last five are for the bot to
say when no conversation can."""
