"""Every fault that was thought of, and the tests that prove what happens then.

A test is named by its file below ``tests/`` and its function. A row without tests says why.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A fault, the ``tests`` that prove its answer, and, without any, ``why`` there are none."""

    number: int
    fault: str
    tests: tuple[str, ...] = ()
    why: str = ""


SIMULATED = (
    "simulation/test_simulation.py::test_every_promise_is_kept",
    "simulation/test_mutants.py::test_a_mistake_is_found",
)
KILLED = (
    "crash/test_crash.py::test_a_server_killed_at_random_keeps_every_promise",
    "crash/test_crash.py::test_two_servers_and_their_database_crash_and_keep_every_promise",
)
STATEFUL = ("faults/test_stateful.py::TestLife",)

ROWS = (
    Row(1, "killed before the commit", (
        "faults/test_crashes.py::test_killed_before_the_commit", *SIMULATED, *KILLED)),
    Row(2, "killed after the commit, before the 200", (
        "faults/test_crashes.py::test_killed_after_the_commit_before_the_200",
        *SIMULATED, *KILLED, *STATEFUL)),
    Row(3, "killed after the 200, before sending", (
        "faults/test_crashes.py::test_killed_after_the_200_before_sending",
        "faults/test_crashes.py::test_killed_again_and_again_with_the_same_answer_in_hand",
        "faults/test_crashes.py::test_a_node_that_dies_leaves_its_work_to_the_others",
        "engine/test_process.py::test_killed_again_and_again_nothing_is_lost_or_said_twice",
        *SIMULATED, *KILLED, *STATEFUL)),
    Row(4, "killed between LINE's yes and our writing it down", (
        "faults/test_crashes.py::test_killed_between_line_s_yes_and_our_writing_it_down",
        "faults/test_crashes.py::test_killed_again_and_again_with_the_same_answer_in_hand",
        "faults/test_crashes.py::test_a_node_that_dies_leaves_its_work_to_the_others",
        "engine/test_process.py"
        "::test_killed_with_the_reply_in_the_air_it_is_delivered_exactly_once",
        *SIMULATED, *KILLED, *STATEFUL)),
    Row(5, "killed while the layout of the database changes", (
        "faults/test_upgrades.py::test_an_upgrade_killed_at_any_moment",
        "crash/test_migration_killed.py::test_an_upgrade_killed_at_any_moment_loses_nothing",
        "store/test_postgres_layout.py::test_an_upgrade_killed_half_way_leaves_nothing_behind")),
    Row(6, "the same event twenty times at once, on two nodes", (
        "faults/test_duplicates.py::test_twenty_copies_at_once_on_two_nodes",
        "test_webhook.py::test_twenty_copies_at_once_are_answered_once",
        "store/test_postgres_nodes.py::test_twenty_copies_on_two_nodes_are_decided_on_once",
        *SIMULATED)),
    Row(7, "sent again after the 200", (
        "faults/test_duplicates.py::test_sent_again_after_the_200",
        "faults/test_duplicates.py::test_sent_again_while_its_answer_waits",
        *SIMULATED, *STATEFUL)),
    Row(8, "sent again without being marked", (
        "faults/test_duplicates.py::test_not_marked_as_redelivered", *SIMULATED)),
    Row(9, "events out of order", (
        "faults/test_duplicates.py::test_out_of_order",
        "flows/test_old_buttons.py::test_every_button_ever_shown_leads_on_or_explains",
        *SIMULATED, *STATEFUL)),
    Row(10, "one person on two nodes at the same instant", (
        "faults/test_duplicates.py::test_one_person_on_two_nodes_at_the_same_instant",
        "store/test_postgres_nodes.py::test_one_persons_events_on_two_nodes_lose_nothing",
        *SIMULATED)),
    Row(11, "LINE answers 500 or 502, hangs or cuts off, before or after it took the answer", (
        "engine/test_deliver.py::test_an_answer_line_did_not_take_is_sent_again",
        "engine/test_deliver.py"
        "::test_an_answer_line_took_without_saying_so_is_not_seen_twice",
        "engine/test_verdict.py::test_after_an_attempt", *SIMULATED, *STATEFUL)),
    Row(12, "LINE answers 429: too fast, or the month's are used up", (
        "engine/test_deliver.py::test_a_rate_limit_is_waited_out",
        "engine/test_deliver.py"
        "::test_a_burst_that_line_refuses_goes_out_within_a_token_s_life",
        "engine/test_deliver_push.py"
        "::test_line_s_monthly_limit_ends_pushing_and_nothing_else", *SIMULATED)),
    Row(13, "LINE answers 409 to a push", (
        "engine/test_deliver_push.py"
        "::test_a_push_is_repeated_under_the_same_key_until_line_says_yes",
        "line/test_client_push.py::test_a_push_taken_before_is_taken", *SIMULATED)),
    Row(14, "the reply token has expired", (
        "engine/test_deliver.py::test_an_expired_token_parks_the_answer",
        "engine/test_deliver_push.py::test_an_answer_whose_token_died_unused_is_pushed_once",
        "engine/test_deliver_push.py::test_what_line_may_have_taken_is_never_pushed",
        *SIMULATED)),
    Row(15, "an old signed body is played back", (
        "faults/test_duplicates.py::test_an_old_body_played_back",
        "faults/test_duplicates.py::test_events_are_remembered_for_longer_than_they_count",
        "faults/test_duplicates.py::test_nothing_counts_twice_whenever_it_is_played_back")),
    Row(16, "clocks that are wrong, jump, or know another zone", (
        "faults/test_clock.py::test_a_clock_hours_off",
        "faults/test_clock.py::test_a_clock_that_jumps_while_an_answer_waits",
        "faults/test_clock.py::test_a_lease_and_a_clock_set_back_or_forth",
        "faults/test_clock.py::test_events_are_ordered_by_line_s_clock_alone",
        "faults/test_clock.py::test_nodes_whose_clocks_differ_by_hours",
        "faults/test_clock.py::test_a_machine_in_another_time_zone",
        "store/test_postgres_nodes.py::test_the_databases_clock_decides_about_leases",
        "simulation/test_clocks.py::test_no_file_asks_the_machine_for_time_or_dice",
        *SIMULATED)),
    Row(17, "SQLite is locked by another process", (
        "faults/test_database.py::test_locked_by_another_process",
        "store/test_sqlite.py::test_a_locked_database_is_waited_for_and_then_given_up")),
    Row(18, "the disk is full", (
        "faults/test_database.py::test_a_disk_that_takes_no_more",
        "faults/test_database.py::test_a_database_at_its_largest",
        "faults/test_power_cut.py"
        "::test_a_disk_that_takes_nothing_acknowledges_nothing_and_heals",
        "store/test_sqlite.py::test_a_full_disk_takes_nothing_by_halves_and_heals")),
    Row(19, "the database is read-only, or the disk loses what it said it had written", (
        "faults/test_database.py::test_a_disk_that_takes_no_more",
        "faults/test_database.py::test_a_sync_that_failed_once",
        "faults/test_power_cut.py::test_a_disk_that_cannot_sync_stops_the_store_for_good",
        "faults/test_power_cut.py"
        "::test_a_disk_that_takes_nothing_acknowledges_nothing_and_heals",
        "store/test_sqlite.py::test_a_disk_that_cannot_sync_ends_all_writing")),
    Row(20, "the power fails", (
        "faults/test_power_cut.py::test_no_acknowledged_event_is_lost_in_a_power_cut",
        "faults/test_power_cut.py::test_the_cuts_find_what_a_weaker_setting_loses")),
    Row(21, "PostgreSQL crashes or is restarted", (
        "store/test_postgres_crash.py"
        "::test_a_crashed_server_loses_nothing_that_was_acknowledged", KILLED[1])),
    Row(22, "a connection is cut in mid-transaction, a lock is held, the pool is used up", (
        "store/test_postgres_trouble.py::test_a_locked_row_is_given_up_in_time_and_nothing_is_done",
        "store/test_postgres_trouble.py"
        "::test_backends_ended_in_the_middle_of_a_call_are_replaced",
        "store/test_postgres_nodes.py::test_many_people_on_few_connections",
        "engine/test_backlog.py::test_one_person_s_locked_row_keeps_nobody_else_waiting")),
    Row(23, "a conversation in the database is damaged", (
        "faults/test_state.py::test_a_damaged_conversation_in_the_database",
        "faults/test_state.py::test_any_flipped_byte",
        "faults/test_state.py::test_a_conversation_moved_to_another_person",
        "engine/test_backlog.py"
        "::test_a_parcel_nobody_can_open_ends_in_quarantine_and_stops_nobody",
        "engine/test_deliver.py::test_a_letter_that_cannot_be_opened_ends_the_matter")),
    Row(24, "a conversation of an older version", (
        "flows/test_stored.py::test_a_stored_conversation_reads_as_it_was_meant",
        "flows/test_stored.py::test_a_stored_conversation_goes_on_by_the_content_of_today",
        "store/test_from_version_1.py::test_a_conversation_goes_on_where_it_was")),
    Row(25, "a conversation of a newer version", (
        "faults/test_state.py::test_a_conversation_of_a_newer_program",
        "faults/test_state.py::test_a_newer_node_takes_over_what_an_older_one_left",
        "engine/test_backlog.py::test_a_newer_conversation_is_left_for_a_newer_node",
        "engine/test_backlog.py::test_the_newer_node_takes_what_was_left")),
    Row(26, "the content changes in mid-conversation", (
        "flows/test_changed_content.py::test_a_service_that_is_gone_leads_to_the_list",
        "flows/test_changed_content.py::test_a_method_that_is_gone_is_chosen_again",
        "flows/test_changed_content.py::test_a_reason_that_is_gone_is_asked_again")),
    Row(27, "huge, slow and packed bodies; very many events in one", (
        "faults/test_bodies.py::test_huge_bodies_cost_no_memory",
        "faults/test_bodies.py::test_many_slow_senders_keep_nobody_else_waiting",
        "faults/test_bodies.py::test_a_packed_bomb_is_not_unpacked",
        "faults/test_bodies.py::test_a_body_of_a_hundred_events",
        "test_webhook.py::test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_not",
        "test_webhook.py::test_a_store_too_slow_for_line_is_not_waited_for")),
    Row(28, "bodies that are no webhook, and events that are none", (
        "faults/test_bodies.py::test_signed_junk",
        "faults/test_bodies.py::test_a_good_event_among_any_others",
        "faults/test_bodies.py::test_an_unsigned_body_is_not_even_read_as_json",
        "faults/test_bodies.py::test_json_beyond_json",
        "faults/test_bodies.py::test_the_console_s_check",
        "line/test_hear_odd.py::test_no_bytes_make_it_raise",
        "test_bad_input.py::test_odd_bodies_are_accepted_and_the_next_event_is_answered")),
    Row(29, "a bad, missing or odd signature", (
        "faults/test_bodies.py::test_an_unsigned_body_is_not_even_read_as_json",
        "test_webhook.py::test_what_line_did_not_sign_is_refused_unread",
        "test_webhook.py::test_no_changed_byte_of_a_signed_body_is_let_in",
        "test_throttle.py::test_what_could_be_a_signature_of_lines")),
    Row(30, "a signature is guessed by the time it takes", (
        "faults/test_privacy.py::test_signatures_are_compared_in_constant_time",)),
    Row(31, "a secret is replaced", (
        "test_webhook.py::test_any_of_several_secrets_will_do",
        "engine/test_rekey.py::test_what_was_kept_is_read_under_the_new_key_alone")),
    Row(32, "another bot's events, and events in standby", (
        "test_webhook.py"
        "::test_events_in_standby_and_for_another_bot_are_recorded_and_not_answered",
        "engine/test_accept.py"
        "::test_events_of_a_bot_that_rests_and_of_another_bot_are_recorded")),
    Row(33, "very many people", (
        "faults/test_people.py::test_very_many_people_leave_the_process_as_it_was",
        "engine/test_deliver.py::test_no_memory_is_kept_of_people_who_were_answered")),
    Row(34, "one person floods", (
        "faults/test_people.py::test_a_thousand_messages_of_one_person",
        "faults/test_people.py::test_a_person_in_a_crowd_loses_nothing_they_had",
        "engine/test_turn.py::test_the_first_of_a_crowd_is_answered_for_all_that_follow",
        *STATEFUL)),
    Row(35, "sending is slower than what arrives", (
        "engine/test_deliver.py::test_many_people_are_answered_at_the_same_time",
        "engine/test_deliver.py::test_one_hung_call_keeps_nobody_else_waiting",
        "engine/test_deliver_claimed.py"
        "::test_more_claims_than_attempts_wait_their_turn_and_all_go_out")),
    Row(36, "emoji, joined characters, both directions, 5,000 characters", (
        "faults/test_bodies.py::test_a_good_event_among_any_others",
        "faults/test_texts.py::test_every_text_has_the_same_answer_on_both_databases",
        "line/test_speak.py::test_whatever_is_said_within_the_counts_line_takes_it",
        "line/test_limits.py::test_the_two_ways_of_counting_differ")),
    Row(37, "NUL and halves of characters", (
        "faults/test_texts.py::test_every_text_has_the_same_answer_on_both_databases",
        "faults/test_texts.py::test_odd_names_are_the_same_on_both_databases",
        "store/test_differential.py::test_whatever_happens_sqlite_and_postgresql_agree")),
    Row(38, "what looks like code in what people write", (
        "faults/test_texts.py::test_every_text_has_the_same_answer_on_both_databases",
        "flows/test_letters.py::test_what_is_put_in_is_never_read_again")),
    Row(39, "blocked in mid-conversation", (
        "test_webhook.py::test_whoever_blocks_the_account_is_forgotten_at_once",
        "engine/test_accept.py::test_leaving_erases_at_once_and_brings_nothing_back",
        *SIMULATED, *STATEFUL)),
    Row(40, "erased with an answer in the air", (
        "engine/test_deliver.py::test_after_an_erasure_only_its_confirmation_goes_out",
        "test_webhook.py::test_an_erased_person_stays_erased", *SIMULATED, *STATEFUL)),
    Row(41, "an old event after an erasure", (
        "test_webhook.py::test_an_erased_person_stays_erased",
        "store/test_from_version_1.py::test_whoever_was_erased_stays_erased",
        *SIMULATED, *STATEFUL)),
    Row(42, "a message is taken back", (
        "engine/test_accept.py::test_a_message_taken_back_before_it_comes_is_never_read",
        "engine/test_accept.py::test_a_message_taken_back_while_it_waits_is_never_read",
        "engine/test_accept.py::test_a_message_taken_back_after_it_was_answered_changes_nothing",
        *STATEFUL)),
    Row(43, "groups and rooms", (
        "test_webhook.py::test_a_group_gets_one_line_and_nothing_said_there_is_stored",
        "line/test_hear.py"
        "::test_an_event_without_what_an_answer_needs_is_ignored_with_its_reason")),
    Row(44, "people and secrets in logs, files and figures", (
        "faults/test_privacy.py::test_canaries_are_found_nowhere",
        "engine/test_process.py::test_nothing_of_a_person_is_in_the_log_or_the_files",
        "engine/test_logs.py::test_only_the_fields_on_the_list_get_through")),
    Row(45, "the server is made to call somebody else", (
        "faults/test_privacy.py::test_nobody_but_line_is_called",
        "line/test_client_trouble.py::test_a_redirect_is_not_followed")),
    Row(46, "script in the simulator's page", (
        "simulator_web/test_render_safety.py"
        "::test_hostile_text_stays_text_wherever_it_stands",
        "simulator_web/test_guard.py"
        "::test_the_browser_itself_refuses_what_the_page_must_not_do")),
    Row(47, "the simulator where it does not belong", (
        "test_dockerfile.py::test_the_server_starts_without_the_simulator",
        "simulator/test_loopback.py::test_it_listens_on_no_address_others_can_reach",
        "simulator/test_loopback.py"
        "::test_it_refuses_to_start_where_the_bot_would_call_outside",
        "test_house_rules.py::test_production_does_not_need_the_simulator")),
    Row(48, "another site reaches the simulator by a name of its own", (
        "simulator_web/test_guard.py::test_another_name_for_this_machine_opens_nothing",
        "simulator_web/test_guard.py::test_another_site_can_neither_ask_nor_do")),
    Row(49, "told to stop with answers in the air", (
        "engine/test_process.py"
        "::test_told_to_stop_it_finishes_the_reply_and_leaves_nothing_open",
        "crash/test_shutdown.py::test_replies_in_the_air_are_finished",
        "engine/test_deliver_claimed.py"
        "::test_stopping_gives_back_what_was_claimed_and_not_begun")),
    Row(50, "the layout changes while nodes run", (
        "store/test_sqlite.py"
        "::test_a_newer_layout_that_still_suits_this_version_is_used_as_it_is",
        "store/test_postgres_layout.py::test_an_expansion_may_happen_while_a_node_serves",
        "store/test_postgres_layout.py"
        "::test_a_newer_layout_that_works_with_this_code_is_served")),
    Row(51, "brought back from a backup", (
        "faults/test_database.py::test_answers_of_a_backup_are_never_said_again",
        "faults/test_database.py::test_answers_of_a_young_backup_are_refused_by_line")),
    Row(52, "a reminder is due", why=(
        "There are no reminders: TAIKAI_PUSH=reminders is refused by name.")),
    Row(53, "LINE answers garbage, without end, or elsewhere", (
        "engine/test_deliver.py"
        "::test_an_answer_line_took_without_saying_so_is_not_seen_twice",
        "line/test_client_trouble.py::test_a_200_that_is_not_json_is_not_lines",
        "line/test_client_trouble.py::test_an_answer_without_end_is_not_read_to_its_end",
        "line/test_client_trouble.py::test_a_redirect_is_not_followed")),
    Row(54, "an update of LINE's SDK reads webhooks otherwise", (
        "line/test_hear_beside_the_sdk.py::test_both_read_the_same",
        "line/test_client_beside_the_sdk.py::test_a_reply_is_the_sdks_but_silent",
        "line/test_client_beside_the_sdk.py::test_a_push_is_the_sdks")),
    Row(55, "an event that cannot be handled", (
        "faults/test_state.py::test_a_poisoned_event",
        "faults/test_state.py::test_a_poisoned_conversation",
        "faults/test_state.py::test_poison_again_and_again_never_loops",
        "engine/test_turn.py::test_what_fails_once_is_tried_again", *STATEFUL)),
)  # fmt: skip
"""In the order in which they were thought of; the numbers never change."""
