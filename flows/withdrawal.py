"""THE flow: from a service's name to the message that leaves it, and what comes after.

Everything that decides what comes next stands in this file: the questions a guard asks, and
the table. Only four moves are not rows, because they work on the moves themselves and not on
the state: going back, changing an answer, starting over and being forgotten (flows/step.py).
The order is fixed by what can be lost: selection and reward come before anything
that could trigger the withdrawal (service → selection → reward → reason → alternatives →
method → losses → steps and letter → after-care). Words are in content/texts/withdrawal.yaml
under the state's name; what a screen shows is in flows/screens.
"""

from __future__ import annotations

from flows.machine import ANYWHERE, SAME, Row, Table
from flows.turn import Turn

# --- guards: questions about the turn, answered yes or no ---------------------------------


def rewards_a_found_job(turn: Turn) -> bool:
    """A gift for having found the job here: it matters how the job was found."""
    return turn.service.reward is not None and turn.service.reward.kind == "job_found"


def rewards_a_balance(turn: Turn) -> bool:
    """Something saved up that leaving would destroy."""
    return turn.service.reward is not None and turn.service.reward.kind == "balance"


def reason_is_open(turn: Turn) -> bool:
    """Nothing said so far tells why the person leaves."""
    return not turn.reason


def has_alternatives(turn: Turn) -> bool:
    """The service has something short of leaving for this reason."""
    return bool(turn.advice.alternatives)


def has_several_methods(turn: Turn) -> bool:
    """With one way to leave there is nothing to choose."""
    return len(turn.service.methods) > 1


def has_login_help(turn: Turn) -> bool:
    """The service's file knows what to do when logging in fails."""
    return turn.service.login_help is not None


# --- the table -----------------------------------------------------------------------------

R = Row[Turn]


def _on_to_method(trigger: str, source: str) -> tuple[R, ...]:
    return (
        R(trigger, source, "choosing_method", has_several_methods),
        R(trigger, source, "reviewing_losses"),
    )


def _on_from_reason(trigger: str, source: str) -> tuple[R, ...]:
    return (
        R(trigger, source, "considering_alternative", has_alternatives),
        *_on_to_method(trigger, source),
    )


def _on_to_reason(trigger: str, source: str) -> tuple[R, ...]:
    return (R(trigger, source, "giving_reason", reason_is_open), *_on_from_reason(trigger, source))


def _on_to_reward(trigger: str, source: str) -> tuple[R, ...]:
    return (
        R(trigger, source, "checking_job_found", rewards_a_found_job),
        R(trigger, source, "checking_reward", rewards_a_balance),
        *_on_to_reason(trigger, source),
    )


# fmt: off
TABLE: Table[Turn] = Table("choosing_service", [
    R("choose",         "choosing_service",        "checking_selection"),
    R("ask_back",       "choosing_service",        "telling_apart"),
    R("choose",         "telling_apart",           "checking_selection"),
    R("ask_back",       "telling_apart",           "telling_apart"),

    *_on_to_reward("deny", "checking_selection"),
    R("confirm",        "checking_selection",      "checking_interview"),
    R("doubt",          "checking_selection",      "handling_selection"),
    R("confirm",        "checking_interview",      "handling_selection"),
    R("deny",           "checking_interview",      "handling_selection"),
    R("take_letter",    "handling_selection",      SAME),
    *_on_to_reward("proceed", "handling_selection"),

    *_on_to_reason("deny", "checking_reward"),
    R("confirm",        "checking_reward",         "stopping_for_reward"),
    R("doubt",          "checking_reward",         "stopping_for_reward"),
    *_on_to_reason("deny", "checking_job_found"),
    R("confirm",        "checking_job_found",      "checking_job_route"),
    R("confirm",        "checking_job_route",      "checking_claim"),
    R("doubt",          "checking_job_route",      "stopping_for_reward"),
    *_on_to_reason("deny", "checking_job_route"),
    *_on_to_reason("confirm", "checking_claim"),
    R("deny",           "checking_claim",          "stopping_for_reward"),
    R("doubt",          "checking_claim",          "stopping_for_reward"),
    R("receive",        "stopping_for_reward",     "claiming_reward"),
    *_on_to_reason("proceed", "stopping_for_reward"),
    R("take_letter",    "claiming_reward",         SAME),
    *_on_to_reason("proceed", "claiming_reward"),

    *_on_from_reason("choose", "giving_reason"),
    R("choose",         "considering_alternative", "trying_alternative"),
    R("settle",         "considering_alternative", "staying"),
    *_on_to_method("proceed", "considering_alternative"),
    R("take_letter",    "trying_alternative",      SAME),
    R("settle",         "trying_alternative",      "staying"),
    *_on_to_method("proceed", "trying_alternative"),
    *_on_to_method("proceed", "staying"),

    R("choose",         "choosing_method",         "reviewing_losses"),
    R("read_topic",     "reviewing_losses",        SAME),
    R("proceed",        "reviewing_losses",        "following_steps"),

    R("take_letter",    "following_steps",         SAME),
    R("report_stuck",   "following_steps",         "naming_stuck_step"),
    R("choose",         "naming_stuck_step",       "getting_unstuck"),
    R("take_letter",    "getting_unstuck",         SAME),
    R("resume",         "getting_unstuck",         "following_steps"),
    R("change_method",  "getting_unstuck",         "choosing_method", has_several_methods),
    R("finish",         "following_steps",         "awaiting_result"),

    R("read_topic",     "awaiting_result",         SAME),
    R("take_letter",    "awaiting_result",         SAME),
    R("report_silence", "awaiting_result",         "chasing_reply"),
    R("take_letter",    "chasing_reply",           SAME),
    R("finish",         "awaiting_result",         "finishing"),
    R("finish",         "chasing_reply",           "finishing"),
    R("read_topic",     "finishing",               SAME),
    R("take_letter",    "finishing",               SAME),
    R("choose_other",   "finishing",               "choosing_service"),
    R("choose_other",   "staying",                 "choosing_service"),

    R("lose_login",     "checking_selection",      "regaining_login", has_login_help),
    R("lose_login",     "choosing_method",         "regaining_login", has_login_help),
    R("lose_login",     "following_steps",         "regaining_login", has_login_help),
    R("take_letter",    "regaining_login",         SAME),

    R("review",         ANYWHERE,                  "reviewing_answers"),
    R("erase",          ANYWHERE,                  "confirming_erasure"),
])
# fmt: on
