"""The twenty most dangerous things to leave out: each is told before it is too late, on every path.

"Before" is the order in which people read: messages from the first to the last, and the facts
inside each. What belongs to the time after leaving has its place named instead.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from content.catalog import Catalog
from flows.conversation import Pressed
from flows.walk import Arrival
from tests.content.paths import Paths, Press

APP = ("careertrek.step_leave",)
YAKU_MAIL = ("yakukyari.step_send_mail", "letter:yakukyari-withdrawal-mail")
YAKU = (
    *YAKU_MAIL,
    "yakukyari.step_consultant_contact",
    "yakukyari.step_form_send",
    "letter:yakukyari-consultant",
    "letter:yakukyari-phone",
    "letter:yakukyari-deletion-form",
)
APO_PHONE = ("apoplus.step_phone_say", "letter:apoplus-phone")
APO_FORM = ("apoplus.step_form_send", "letter:apoplus-withdrawal")
APO = (
    *APO_PHONE,
    *APO_FORM,
    "apoplus.step_consultant_send",
    "letter:apoplus-consultant",
)
HATA_FORM = ("hataractive.step_form_send", "letter:hataractive-form")
HATA = (
    *HATA_FORM,
    "hataractive.step_phone_say",
    "hataractive.step_advisor_send",
    "letter:hataractive-phone",
    "letter:hataractive-advisor",
)
MYLINK = (
    "mymylink.step_follow_screen",
    "mymylink.step_send_form",
    "mymylink.step_call",
    "letter:mymylink-withdrawal",
    "letter:mymylink-phone",
)


def in_selection(press: Pressed) -> bool:
    """An application is still running, or may be."""
    return press.state == "checking_selection" and press.trigger in ("confirm", "doubt")


def interview_soon(press: Pressed) -> bool:
    """An interview is days away."""
    return press.state == "checking_interview" and press.trigger == "confirm"


def erase_data(press: Pressed) -> bool:
    """The reason is that the data should go."""
    return press.state == "giving_reason" and press.argument == "erase_data"


BEFORE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], Press | None]] = {
    "1 the gift of 5,000 yen": (
        "careertrek", ("gift_is", "gift_lost_after", "gift_notice_there", "gift_again"), APP, None),
    "2 the points vanish": (
        "yakukyari", ("points_are", "points_vanish", "points_again"), YAKU[:4], None),
    "2 the points vanish, before the letters too": (
        "yakukyari", ("points_are", "points_vanish"), YAKU, None),
    "3 the address and the three items": (
        "yakukyari", ("contacts.taikai", "prepare_three", "mail_best"), YAKU_MAIL, None),
    "4 leaving does not stop every selection": ("apoplus", ("not_automatic",), APO, None),
    "4 ask case by case": (
        "apoplus", ("share_first", "decline_via_advisor", "status_and_reason"), APO, in_selection),
    "5 tell the advisor first": ("apoplus", ("soon_call", "share_first"), APO, interview_soon),
    "5 call the company when the date is close": (
        "apoplus", ("soon_direct", "soon_number"), APO, interview_soon),
    "6 a mail stop is no erasure": ("apoplus", ("mail_stop_not_erasure",), APO, None),
    "6 ask for all three": ("apoplus", ("erase_three",), APO, erase_data),
    "7 no button to leave is confirmed": (
        "apoplus", ("mypage_unconfirmed", "touroku_has_mypage", "other_faq"), APO, None),
    "8 what identifies a person": ("apoplus", ("prepare_identity",), APO, None),
    "8 the number": ("apoplus", ("contacts.phone",), APO_PHONE, None),
    "10 phone and mail as registered": (
        "hataractive", ("prepare_registered", "prepare_changed", "may_remain"), HATA, None),
    "10 or the data stay": ("hataractive", ("as_registered",), HATA_FORM, None),
    "11 the address for another advisor": (
        "hataractive", ("change_address_only",),
        ("hataractive.step_change_send", "letter:hataractive-advisor-change"), None),
    "12 five business days": ("hataractive", ("form_five_days",), HATA_FORM, None),
    "12 the number, its hours unknown": (
        "hataractive", ("contacts.phone",),
        ("hataractive.step_phone_call", "letter:hataractive-phone"), None),
    "14 deleting the app is not leaving": (
        "careertrek", ("uninstall_not_leaving", "uninstall_data_stay", "keep_app_for_now"), APP,
        None),
    "15 no way back": ("careertrek", ("account_gone", "data_gone", "no_way_back"), APP, None),
    "16 the chat dies": ("careertrek", ("chat_stops",), APP, None),
    "16 keep phone and mail": (
        "careertrek", ("phone_mail_go_on", "exchange_first", "leaving_not_declining"), APP,
        in_selection),
    "17 as of December 2020, reported closed": (
        "careertrek", ("as_of_2020", "closed_reported", "closed_no_login", "steps_are_old"), APP,
        None),
    "17 as of September 2025": ("apoplus", ("dated",), APO, None),
    "18 the procedure is not confirmed": (
        "mymylink", ("unconfirmed", "undated", "order_of_checks", "which_unknown",
                     "check_in_order"), MYLINK, None),
    "18 an order of checks, no procedure": ("mymylink", ("not_a_procedure",), MYLINK, None),
    "19 the data stay for a while": (
        "mymylink", ("kept_then_deleted", "company_copies_stay", "restore_unknown", "save_before"),
        MYLINK, None),
    "19 the data stay for a while, then are gone": (
        "yakukyari", ("kept_for_period", "no_restore", "save_mails"), YAKU, None),
}  # fmt: skip
"""What → service, facts, what does the harm, and the press that makes the facts matter."""


@pytest.fixture(scope="session")
def paths(everywhere: Mapping[str, list[Arrival]]) -> Mapping[str, Paths]:
    """Every path through every service, but for what is handed over to who cannot log in."""
    return {
        slug: Paths.of(it for it in arrivals if it.before != "regaining_login")
        for slug, arrivals in everywhere.items()
    }


@pytest.mark.parametrize(("slug", "facts", "harms", "after"), BEFORE.values(), ids=BEFORE)
def test_it_is_told_before_the_harm_is_done(
    paths: Mapping[str, Paths],
    slug: str,
    facts: tuple[str, ...],
    harms: tuple[str, ...],
    after: Press | None,
) -> None:
    """On no path is the harmful step or letter read before the fact."""
    for harm in harms:
        assert paths[slug].telling(harm), f"{harm} is never said"
        for fact in facts:
            assert paths[slug].without(f"{slug}.{fact}", harm, after) is None, (fact, harm)


def test_a_fact_told_too_late_would_be_found(paths: Mapping[str, Paths]) -> None:
    """The search above does find a path where there is one, and the shortest."""
    question, loss = "yakukyari.points_are", "yakukyari.no_restore"
    first, second, *_ = path = paths["yakukyari"].without(loss, question) or ()
    none_running = paths["yakukyari"].without("yakukyari.soon_call", "yakukyari.step_send_mail")

    assert (first.argument, second.trigger, len(path)) == ("yakukyari", "deny", 2)
    assert paths["yakukyari"].without(question, loss) is None
    assert none_running is not None
    assert ("checking_selection", "deny") in [
        (press.state, press.trigger) for press in none_running
    ]


THERE: dict[str, tuple[str, dict[str, set[str]]]] = {
    "9 when to ask again, which is no promise": (
        "apoplus", {"chase_days": {"chasing_reply", "getting_unstuck"},
                    "chase_not_promise": {"chasing_reply"}}),
    "13 coming back means starting anew": (
        "hataractive", {fact: {"awaiting_result", "finishing"}
                        for fact in ("rejoin_possible", "rejoin_from_scratch", "rejoin_counselling",
                                     "rejoin_office")}),
    "18 the way on without a login": (
        "mymylink", {fact: {"regaining_login", "getting_unstuck"}
                     for fact in ("reset_first", "reset_risky", "then_form")}),
    "20 a pause with its dates": (
        "apoplus", {"pause_realistic": {"considering_alternative"},
                    "step_pause_dates": {"trying_alternative"},
                    "letter:apoplus-pause": {"trying_alternative"}}),
    "20 a pause of 薬キャリ": (
        "yakukyari", {"pause_possible": {"considering_alternative"},
                      "step_pause": {"trying_alternative"},
                      "letter:yakukyari-pause": {"trying_alternative"}}),
    "20 the settings of キャリトレ's mail": (
        "careertrek", {"stop_without_leaving": {"considering_alternative"},
                       "step_stop_mails": {"trying_alternative"}}),
    "20 asking whether マイマイリンク has a pause": (
        "mymylink", {"pause_ask_first": {"considering_alternative"},
                     "pause_unknown": {"considering_alternative", "reviewing_losses"},
                     "letter:mymylink-pause-question": {"trying_alternative"}}),
}  # fmt: skip
"""What → service and facts, each with the states in which it is read."""


@pytest.mark.parametrize(("slug", "where"), THERE.values(), ids=THERE)
def test_it_is_there_for_who_needs_it(
    paths: Mapping[str, Paths], slug: str, where: dict[str, set[str]]
) -> None:
    """What belongs to after-care, to being stuck or to staying is read in its own place."""
    for item, states in where.items():
        name = item if ":" in item else f"{slug}.{item}"
        assert paths[slug].telling(name) == states, item


def test_no_omission_is_left_out() -> None:
    """The twenty are all here."""
    numbers = {int(name.split(" ")[0]) for name in (*BEFORE, *THERE)}

    assert numbers == set(range(1, 21))


def test_who_cannot_log_in_is_warned_before_the_letter_too(
    catalog: Catalog, everywhere: Mapping[str, list[Arrival]]
) -> None:
    """The way out without a login leads past no question; its letters leave all the same."""
    breaches = []
    for slug, service in catalog.services.items():
        ways = Paths.of(everywhere[slug])
        leaving = {name for method in service.methods.values() for name in method.letters}
        offered = service.login_help.letters if service.login_help else ()
        facts = [*service.losses, *(service.reward.again if service.reward else ())]
        for letter in (name for name in offered if name in leaving):
            if catalog.letters[letter].kind in ("withdrawal", "phone_script", "erasure"):
                breaches += [
                    (letter, fact)
                    for fact in facts
                    if ways.without(f"{slug}.{fact}", f"letter:{letter}") is not None
                ]

    assert breaches == []
