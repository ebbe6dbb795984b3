"""The figures of one process, for Prometheus.

Every label takes its values from a closed list that is laid out at the start: a user id, a text
or a token has no place to travel in, and the number of series never grows. Only imported where
``METRICS_PORT`` is set, for it takes its time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.line.client import Accepted, Answer, Refused
from bot.line.heard import Why
from bot.store.port import Outcome, Status, Store, StoreDownError

STATUSES = (200, 400, 401, 408, 415, 429, 503)
"""Of the webhook's answers; those of the framework's own making are not counted."""

REFUSALS = (400, 401, 403, 409, 413, 429)
"""LINE's that mean something to us."""

HOLDS = ("access token refused", "rate limit")
"""Why sending is held back, as `bot.engine.verdict` names it."""

OTHER = "other"
"""The label of whatever is on no list."""

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Seconds of a webhook: LINE gives up after two."""

SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds of a call: we give up after five."""

ANSWER_WITHIN = 1.0
"""Seconds the database is given for its figures."""


class PrometheusMetrics:
    """Counts for `exposition`. Implements `bot.engine.metrics.Metrics`."""

    def __init__(self, store: Store) -> None:
        """*store* is asked how much waits whenever somebody wants to know."""
        self._store = store
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # has no types
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._webhooks = self._counters(
            "webhooks", "Webhooks by the status they were answered with.", "status", STATUSES
        )
        self._webhook_seconds = self._histogram(
            "webhook_seconds", "From the whole body read to the answer.", QUICK
        )
        self._ignored = self._counters("ignored", "Events that got silence.", "reason", Why)
        self._events = self._counters("events", "What became of events.", "outcome", Outcome)
        self._deferred = self._counter("deferred", "Events put away, to be decided on later.")
        results = ["accepted", "repeated", "unknown", *map(_refused, REFUSALS)]
        self._sent = {
            push: self._counters(f"{kind}_calls", f"Calls to {kind}, by result.", "result", results)
            for push, kind in ((False, "reply"), (True, "push"))
        }
        self._seconds = {
            push: self._histogram(f"{kind}_seconds", f"How long calls to {kind} took.", SLOW)
            for push, kind in ((False, "reply"), (True, "push"))
        }
        final = [status for status in Status if status is not Status.WAITING]
        self._answers = self._counters("answers", "Answers by their final status.", "status", final)
        self._holds = self._counters("holds", "Times sending was held back.", "reason", HOLDS)
        self._throttled = self._counter("throttled", "Strangers turned away unheard.")

        self._up = self._gauge("database_up", "Whether the database answers.")
        self._answers_waiting = self._gauge("answers_waiting", "Answers not sent yet.")
        self._events_waiting = self._gauge("events_waiting", "Events not decided on yet.")
        self._overdue = self._gauge("overdue_seconds", "How late the latest of them is.")
        self._is_held = self._gauge("sending_held", "Whether LINE refuses everybody's answers.")

    # --- what the engine tells --------------------------------------------------------------

    def webhook(self, status: int, seconds: float) -> None:
        """A webhook was answered."""
        _of(self._webhooks, status).inc()
        self._webhook_seconds.observe(seconds)

    def ignored(self, why: Why, count: int) -> None:
        """Events of a webhook got silence."""
        _of(self._ignored, why).inc(count)

    def event(self, outcome: Outcome) -> None:
        """It is written down what became of an event."""
        _of(self._events, outcome).inc()

    def deferred(self, count: int) -> None:
        """Events were put away, to be decided on later."""
        self._deferred.inc(count)

    def sent(self, push: bool, answer: Answer, seconds: float) -> None:
        """LINE was called, and answered or not."""
        _of(self._sent[push], _result(answer)).inc()
        self._seconds[push].observe(seconds)

    def answer(self, status: Status) -> None:
        """An answer reached its final status."""
        _of(self._answers, status).inc()

    def held(self, reason: str) -> None:
        """LINE refuses everybody's answers: sending waits a while."""
        _of(self._holds, reason).inc()
        self._is_held.set(1)

    def resumed(self) -> None:
        """LINE takes answers again."""
        self._is_held.set(0)

    def throttled(self) -> None:
        """A stranger was turned away before they were heard."""
        self._throttled.inc()

    # --- what Prometheus asks ---------------------------------------------------------------

    async def exposition(self) -> bytes:
        """Everything, in Prometheus's text format."""
        await self._look()
        return prometheus_client.generate_latest(self._registry)

    async def _look(self) -> None:
        """Bring up to date what is not counted but looked up."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                backlog = await self._store.backlog()
        except (StoreDownError, TimeoutError):
            self._up.set(0)
            return
        self._up.set(1)
        self._answers_waiting.set(backlog.answers)
        self._events_waiting.set(backlog.events)
        self._overdue.set(backlog.overdue / 1000)

    # --- laying out -------------------------------------------------------------------------

    def _counter(self, name: str, what: str) -> Counter:
        return Counter(f"taikai_{name}", what, registry=self._registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"taikai_{name}", what, registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: Iterable[float]) -> Histogram:
        return Histogram(f"taikai_{name}", what, registry=self._registry, buckets=tuple(buckets))

    def _counters(
        self, name: str, what: str, label: str, values: Iterable[object]
    ) -> Mapping[object, Counter]:
        """A counter for each of *values*, and one for all others."""
        family = Counter(f"taikai_{name}", what, [label], registry=self._registry)
        return {value: family.labels(str(value)) for value in [*values, OTHER]}


def _of(counters: Mapping[object, Counter], value: object) -> Counter:
    return counters.get(value) or counters[OTHER]


def _result(answer: Answer) -> str:
    match answer:
        case Accepted(earlier_id=""):
            return "accepted"
        case Accepted():
            return "repeated"
        case Refused(status=status):
            return _refused(status)
        case _:
            return "unknown"


def _refused(status: int) -> str:
    return f"refused {status}"
