"""After the steps: no answer came, somebody is stuck, logging in fails."""

from __future__ import annotations

from tests.flows.chat import TO_STEPS, Chat


def test_after_care_says_when_to_ask_again_and_who_else_can_help(chat: Chat) -> None:
    """Three business days, as the file says, from today; and the public desk for personal data."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS, "finish", "report_silence")

    assert chat.ids == ["chase", "chasing_reply"]
    assert "11月27日(金)" in chat.text
    for desk in chat.catalog.desks.values():
        assert (desk.phone in chat.text) is (desk.purpose == "personal_data")
    assert "take_letter aozora-nudge" in chat.buttons


def test_a_letter_for_coming_back_waits_until_the_leaving_is_done(chat: Chat) -> None:
    """Beside 「退会が完了した」 it would be one tap from asking for the opposite."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS, "finish")
    assert "take_letter aozora-stop-mail" in chat.buttons
    assert "take_letter aozora-resume" not in chat.buttons

    chat.do("finish")
    assert chat.state == "finishing"
    chat.do("take_letter aozora-resume")
    assert chat.ids == ["letter_head:aozora-resume", "letter:aozora-resume", "finishing"]


def test_no_number_of_days_is_made_up(chat: Chat) -> None:
    """Without a number in the file, no date is named."""
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed", "finish", "report_silence")

    assert "営業日" not in chat.text


def test_who_is_stuck_names_the_step_and_gets_its_help(chat: Chat) -> None:
    """Help of the step that was named; without any, it says so; then back or another method."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS, "report_stuck")
    assert chat.buttons == ["choose 1", "choose 2", "back"]

    chat.do("choose 1")
    assert "aozora-scout.help_copy" in chat.says[0].facts
    chat.do("resume", "report_stuck", "choose 2")
    assert chat.ids == ["stuck_help", "getting_unstuck"]
    assert chat.says[0].facts == ()
    chat.do("change_method")
    assert chat.state == "choosing_method"


def test_with_one_method_nobody_is_sent_to_another(chat: Chat) -> None:
    """「別の方法にする」 is not shown, and cannot be pressed, where there is no other."""
    chat.start("hoshi-works")
    chat.do("deny", "deny", "choose unsaid", "proceed", "report_stuck", "choose 1")

    assert "change_method" not in chat.buttons
    assert "resume" in chat.buttons


def test_help_with_logging_in_is_offered_where_the_file_has_it(chat: Chat) -> None:
    """「ログインできない」 leads to help and back to the very question it was pressed in."""
    chat.start("midori-navi")
    assert "lose_login" not in chat.buttons

    chat.start("aozora-scout")
    chat.do("lose_login")
    assert chat.ids == ["login_help", "regaining_login"]
    chat.do("take_letter aozora-login")
    assert chat.state == "regaining_login"
    chat.do("back")
    assert chat.state == "checking_selection"
