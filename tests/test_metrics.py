"""Figures for Prometheus: what is counted, and that nobody can be told from them."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from typing import Any, cast

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.engine.metrics import Metrics, NoMetrics
from bot.engine.verdict import Hold, judge
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.line.heard import Why
from bot.metrics import HOLDS, PrometheusMetrics
from bot.store.port import Backlog, Claim, Outcome, Status, Store, StoreDownError

CANARY = "Uc4nary"


class Database:
    """Answers with a backlog, an error, or never."""

    def __init__(self, answer: Backlog | Exception | None = None) -> None:
        self.answer = answer

    async def backlog(self) -> Backlog:
        if self.answer is None:
            await asyncio.sleep(60)
        if isinstance(self.answer, Backlog):
            return self.answer
        assert self.answer
        raise self.answer


def counting(database: Database | None = None) -> PrometheusMetrics:
    """Figures all at 0."""
    return PrometheusMetrics(cast(Store, database or Database()))


def figures(metrics: PrometheusMetrics | bytes) -> dict[str, float]:
    """Every series of ours, as `name{label}` without the label's name."""
    shown = metrics if isinstance(metrics, bytes) else generate_latest(metrics._registry)
    read = {}
    for family in text_string_to_metric_families(shown.decode()):
        for sample in family.samples:
            if sample.name.startswith("taikai_"):
                labels = ",".join(sample.labels.values())
                read[f"{sample.name[7:]}{{{labels}}}" if labels else sample.name[7:]] = sample.value
    return read


def changed(metrics: PrometheusMetrics | bytes) -> dict[str, float]:
    """Those that are not 0, without the buckets."""
    return {
        name: value for name, value in figures(metrics).items() if value and "_bucket" not in name
    }


def test_webhooks_are_counted_by_status_and_timed() -> None:
    """LINE gives up after two seconds: the buckets end there."""
    metrics = counting()
    for seconds in (0.003, 0.003, 1.2):
        metrics.webhook(200, seconds)
    metrics.webhook(503, 3.0)

    assert changed(metrics) == {
        "webhooks_total{200}": 3,
        "webhooks_total{503}": 1,
        "webhook_seconds_count": 4,
        "webhook_seconds_sum": pytest.approx(4.206),
    }
    buckets = figures(metrics)
    assert (buckets["webhook_seconds_bucket{0.005}"], buckets["webhook_seconds_bucket{2.0}"]) == (
        2,
        3,
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_of_an_event_is_counted(outcome: Outcome) -> None:
    """Under its own name."""
    metrics = counting()
    metrics.event(outcome)

    assert changed(metrics) == {f"events_total{{{outcome.value}}}": 1}


@pytest.mark.parametrize("why", Why)
def test_every_reason_for_silence_is_counted(why: Why) -> None:
    """As often as it was met."""
    metrics = counting()
    metrics.ignored(why, 3)

    assert changed(metrics) == {f"ignored_total{{{why.value}}}": 3}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.WAITING])
def test_every_end_of_an_answer_is_counted(status: Status) -> None:
    """Waiting is no end."""
    metrics = counting()
    metrics.answer(status)

    assert changed(metrics) == {f"answers_total{{{status.value}}}": 1}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Accepted("x"), "accepted"),
        (Accepted("x", "y"), "repeated"),
        (Refused(400, "c4nary", "x"), "refused 400"),
        (Refused(401, "", ""), "refused 401"),
        (Refused(429, "", ""), "refused 429"),
        (Refused(418, "", ""), "other"),
        (Unknown("timeout"), "unknown"),
    ],
)
@pytest.mark.parametrize("push", [False, True])
def test_every_call_is_counted_by_result_and_timed(push: bool, answer: Answer, result: str) -> None:
    """Replies and pushes apart, for only one of them costs money."""
    metrics = counting()
    metrics.sent(push, answer, 0.25)

    kind = "push" if push else "reply"
    assert changed(metrics) == {
        f"{kind}_calls_total{{{result}}}": 1,
        f"{kind}_seconds_count": 1,
        f"{kind}_seconds_sum": 0.25,
    }


def test_the_rest_is_counted() -> None:
    """Events put away, strangers turned away, pauses of all sending."""
    metrics = counting()
    metrics.deferred(5)
    metrics.throttled()
    metrics.held("rate limit")

    assert changed(metrics) == {
        "deferred_total": 5,
        "throttled_total": 1,
        "holds_total{rate limit}": 1,
        "sending_held": 1,
    }


def test_every_reason_for_a_pause_has_its_name() -> None:
    """As the table of decisions gives it."""
    claim = Claim(b"", 1, b"", b"", 0, 0, False, False, False, 1, 0)
    verdicts = [judge(claim, Refused(status, "", ""), 0, 0.0) for status in (401, 403, 429)]

    assert {verdict.reason for verdict in verdicts if isinstance(verdict, Hold)} == set(HOLDS)


async def test_what_waits_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """And stays as it was last seen while the database does not answer."""
    monkeypatch.setattr("bot.metrics.ANSWER_WITHIN", 0.05)
    database = Database(Backlog(3, 2, 1500))
    metrics = counting(database)

    seen = {"answers_waiting": 3, "events_waiting": 2, "overdue_seconds": 1.5}
    assert changed(await metrics.exposition()) == {**seen, "database_up": 1}
    for trouble in (StoreDownError("down"), None):
        database.answer = trouble
        assert changed(await metrics.exposition()) == seen


def test_a_pause_of_all_sending_shows_until_it_is_over() -> None:
    """What whoever is woken at night looks at first."""
    metrics = counting()
    metrics.held("access token refused")
    metrics.held("access token refused")
    during = changed(metrics)
    metrics.resumed()

    assert during == {"holds_total{access token refused}": 2, "sending_held": 1}
    assert changed(metrics) == {"holds_total{access token refused}": 2}


def test_nobody_can_be_told_from_the_figures() -> None:
    """Whatever is on no list is counted as such: no name gets in, and no series is added."""
    metrics = counting()
    before = set(figures(metrics))
    odd: Any = CANARY
    metrics.held(CANARY)
    metrics.webhook(599, 0.1)
    metrics.webhook(odd, 0.1)
    metrics.event(odd)
    metrics.ignored(odd, 1)
    metrics.answer(odd)
    metrics.answer(Status.WAITING)
    metrics.sent(False, Refused(400, CANARY, CANARY), 0.1)
    metrics.sent(True, Unknown(CANARY, CANARY), 0.1)
    metrics.sent(True, Accepted(CANARY, CANARY), 0.1)

    assert CANARY.encode() not in generate_latest(metrics._registry)
    assert set(figures(metrics)) == before
    assert changed(metrics)["webhooks_total{other}"] == 2
    assert changed(metrics)["answers_total{other}"] == 2


def test_both_kinds_of_metrics_can_all_that_the_engine_asks() -> None:
    """Also the one that counts nothing."""
    kinds: list[Metrics] = [NoMetrics(), counting()]
    asked = [name for name in vars(Metrics) if not name.startswith("_")]
    for kind in kinds:
        for name in asked:
            wanted = inspect.signature(getattr(Metrics, name)).parameters
            offered = inspect.signature(getattr(type(kind), name)).parameters
            assert list(offered) == list(wanted)


def test_what_is_switched_off_costs_no_time_at_the_start() -> None:
    """The engine knows of no metrics system, and the server imports none unasked."""
    asked = "import sys, bot.serve, bot.engine.metrics; print('prometheus_client' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
