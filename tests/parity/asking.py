"""Asks LINE about messages without sending them: ``validate/reply`` costs nothing, reaches nobody.

Through the bot's own connections: TLS is verified and no redirect is followed, so the token goes
to LINE and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import orjson

from bot.line.connection import Failure
from bot.line.http import Connections
from tests.parity.cases import Case
from tests.parity.verdicts import Verdict

VALIDATE = b"/v2/bot/message/validate/reply"

PACE = 0.1
"""Seconds from one question to the next: LINE allows 2,000 a second, and asks not to be
flooded (messaging-api/development-guidelines)."""

PATIENCE = 10.0
"""Seconds for one answer."""


class UnansweredError(Exception):
    """LINE gave no verdict; the message says why, and how to mend it."""


async def ask(
    base: str, token: str, asked: Iterable[Case], *, pace: float = PACE
) -> dict[str, Verdict]:
    """LINE's verdicts on *asked*, by the cases' names.

    Raises UnansweredError as soon as one stays out: what is kept is whole, or not at all.
    """
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "taikai-navi",
    }
    connections = Connections(base, headers, timeout=PATIENCE, connect=PATIENCE, limit=1)
    try:
        verdicts = {}
        for case in asked:
            verdicts[case.name] = await _verdict(connections, case)
            await asyncio.sleep(pace)
        return verdicts
    finally:
        await connections.close()


async def _verdict(connections: Connections, case: Case) -> Verdict:
    answer = await connections.post(VALIDATE, orjson.dumps({"messages": case.messages}))
    if isinstance(answer, Failure):
        raise UnansweredError(
            f"LINEから返事がありません（{answer.reason}） → ネットワークを確かめてください"
        )
    match answer.status:
        case 200:
            return Verdict(case.digest, True)
        case 400:
            return _refused(case, answer.body)
        case 401 | 403:
            mend = "LINE_CHANNEL_ACCESS_TOKEN をコンソールから写し直してください"
        case 429:
            mend = "しばらく待ってから、もう一度動かしてください"
        case _:
            mend = "LINE_API_BASE を外して、時間をおいて動かしてください"
    raise UnansweredError(f"LINEが判定せずに {answer.status} を返しました → {mend}")


def _refused(case: Case, body: bytes | None) -> Verdict:
    try:
        said = orjson.loads(body or b"")
        first = (said.get("details") or [{}])[0]
        message = str(first.get("message") or said["message"])
        return Verdict(case.digest, False, message, str(first.get("property", "")))
    except (orjson.JSONDecodeError, AttributeError, KeyError, IndexError):
        raise UnansweredError("LINEの返事を読めません → もう一度動かしてください") from None
