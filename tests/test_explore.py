"""What `taikai explore` finds by pressing: mistakes planted in the flow and in the content."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import structlog

from bot.app import CatalogStep
from bot.logs import logger
from bot.simulator.coverage.command import coverage
from bot.simulator.explore.command import explore
from bot.simulator.explore.endless import EndlessError, must_end
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.explorer import Explorer
from bot.simulator.explore.ground import Ground
from bot.simulator.kept_log import KeptLog
from bot.simulator.session import Session
from content.catalog import Catalog, load
from content.problems import ContentError, Problem
from content.service import ReasonAdvice
from flows.conversation import Conversation, Event, Say, Typed
from flows.moves import here
from flows.step import step
from tests.flows.catalogs import with_service
from tests.flows.chat import NOON

SLUG = "careertrek"
"""The smallest service: one method, so the walk is short."""

STRAY = "050-1234-5678"
"""A number of nobody's."""

LONG = "あ" * 5001
"""One character more than LINE takes."""


@pytest.fixture(scope="module", autouse=True)
def log() -> Iterator[KeptLog]:
    """The log, kept while this file runs."""
    root, servers = logging.getLogger(), logging.getLogger("uvicorn.error")
    before, handlers, levels = structlog.get_config(), root.handlers, (root.level, servers.level)
    kept = KeptLog()
    kept.start()
    yield kept
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(levels[0])
    servers.setLevel(levels[1])


def walked(catalog: Catalog, log: KeptLog, flow: CatalogStep = step) -> Explored:
    """What a walk through `SLUG` sees."""
    explored = Explored()
    with Session(catalog=catalog, step=flow) as session:
        Explorer(session, SLUG, explored, log.taken).walk()
    return explored


def few_reasons(catalog: Catalog) -> Catalog:
    """Two reasons and one nobody has words for: a short walk, and a mistake."""
    reasons = catalog.services[SLUG].reasons
    kept = {key: reasons[key] for key in ("unsaid", "decided_elsewhere")}
    return with_service(
        catalog, SLUG, reasons={**kept, "bored": ReasonAdvice()}, lookalikes={}, topics={}
    )


def careless(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, list[Say]]:
    """A flow with a mistake in each of several states."""
    if isinstance(event, Typed):
        logger().info("heard", reason=event.text)
    after, says = step(before, event, catalog, now)
    if after is None:
        return after, says
    match here(after, catalog, now).state:
        case "chasing_reply":
            says = [Say(say.id, say.text or "…") for say in says]
        case "finishing":
            says = [Say("done", LONG), *says[1:]]
        case "regaining_login":
            says = [Say("login_help", f"{STRAY} に電話してください"), *says[1:]]
        case "checking_selection":
            says = [*says[:-1], Say("steps", "手順です"), says[-1]][-5:]
        case "awaiting_result":
            says = [replace(says[0], text="{service}からの返事を待ちます", cards=()), *says[1:]]
    return after, says


@pytest.fixture(scope="module")
def faults(log: KeptLog) -> list[str]:
    """Everything that is found in the careless flow."""
    catalog = few_reasons(load())
    return walked(catalog, log, careless).faults(catalog)


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("行き止まりです（chasing_reply に押せるものがありません）", "chasing_reply"),
        ("LINEが断りました（400）", "finish"),
        (
            "05012345678 は、いま話しているサービスの連絡先ではありません（login_help）",
            "lose_login",
        ),
        ("を失う注意より先に、退会の steps を出しています", "choosing_service choose"),
        ("の {service} が埋まっていません", "awaiting_result"),
        ("誰も選べません: careertrek の giving_reason の bored", ""),
        ("ログに、利用者のIDか、トークンか、送られた言葉が出ています", ""),
    ],
    ids=["dead end", "limit", "number", "reward", "hole", "unpickable", "log"],
)
def test_a_planted_mistake_is_told(faults: list[str], sentence: str, state: str) -> None:
    """In the words a member of staff reads, with the press that led to it."""
    found = [fault for fault in faults if sentence in fault]

    assert found
    assert all(state in fault for fault in found)


def test_each_mistake_is_told_once_however_often_it_is_met(faults: list[str]) -> None:
    """The first press that led to it is enough to see it oneself."""
    assert len([fault for fault in faults if "行き止まりです（chasing_reply" in fault]) == 1


def test_the_shipped_service_has_none_and_every_fact_of_it_is_told(log: KeptLog) -> None:
    """The same walk over the content as it is; other services' states are not its business."""
    catalog = load()

    explored = walked(catalog, log)

    others = ("たどり着けない状態です", "誰にも伝わらない事実です")
    found = explored.faults(catalog)
    assert [fault for fault in found if not fault.startswith(others)] == []
    assert [fault for fault in found if f"事実です: {SLUG}." in fault] == []
    assert f"事実 {len(catalog.services[SLUG].facts)}/" in explored.line(catalog, SLUG)


def test_a_flow_that_makes_places_without_end_is_stopped_and_says_what_grows(
    log: KeptLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state with the most places, and in it the field that is never the same."""
    monkeypatch.setattr("bot.simulator.explore.endless.MOST_PLACES", 5)

    with pytest.raises(EndlessError) as stopped:
        walked(few_reasons(load()), log)

    told = str(stopped.value)
    assert told.startswith(f"{SLUG} の場所が 5 か所を超えました。いちばん多いのは状態 ")
    assert "→ 同じ質問に何度も答えられる行が flows/withdrawal.py にないか" in told


def test_the_field_that_grows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how many values it has, and a few of them."""
    monkeypatch.setattr("bot.simulator.explore.endless.MOST_PLACES", 3)
    places = {
        ("choosing_service",),
        *((SLUG, "reviewing_losses", "choosing_method=choose:web", f"tries={n}") for n in range(3)),
    }

    with pytest.raises(EndlessError) as stopped:
        must_end(SLUG, places)

    assert "状態 reviewing_losses の 3 か所です。増えているのは tries で、3 通りあります" in str(
        stopped.value
    )
    assert "（例: tries=0、tries=1、tries=2）" in str(stopped.value)


def test_content_that_cannot_be_read_is_told_and_nothing_is_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the lines of `taikai check`, by both commands, and without a traceback."""
    problem = Problem("texts/withdrawal.yaml", 33, "だめです", "直してください")

    def broken() -> Ground:
        raise ContentError([problem])

    for command in ("explore", "coverage"):
        monkeypatch.setattr(f"bot.simulator.{command}.command.shipped", broken)

    assert explore() == 1
    assert coverage() == 1
    assert capsys.readouterr().out.count(str(problem)) == 2


def test_a_survey_of_the_ground_is_stopped_likewise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a single process begins."""
    monkeypatch.setattr("bot.simulator.explore.endless.MOST_PLACES", 5)

    with pytest.raises(EndlessError, match=f"{SLUG} の場所が 5 か所を超えました"):
        Ground(load(), NOON).arrivals(SLUG)
