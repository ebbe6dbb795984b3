"""`taikai parity`: LINE's own verdicts on our messages, recorded or compared with our rules."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path

from bot.clock import TOKYO
from bot.setting_rules import access_token, api_base
from content.catalog import load
from tests.parity.asking import PACE, UnansweredError, ask
from tests.parity.cases import Case, cases
from tests.parity.verdicts import Record, differences, unasked

UNUSABLE = 2
"""Exit code of a command that could not do what it was asked for."""


def parity(out: Path, compare: Path | None, *, pace: float = PACE) -> int:
    """Record LINE's verdicts in *out*, or compare those of the file *compare* with our rules.

    0 where all agree, 1 where some differ, 2 where it could not be found out. *pace* is the time
    between two questions, in seconds.
    """
    asked = cases(load())
    try:
        record = _recorded(out, asked, pace) if compare is None else Record.read(compare)
    except (UnansweredError, ValueError) as error:
        return _refused(f"{compare}: {error}" if compare else str(error))
    except OSError as error:
        return _refused(f"{error.filename}: {error.strerror} → 別の場所を指定してください")
    found = list(differences(record, asked))
    for difference in found:
        print(difference)
    print(f"{record.day} の判定 {len(record.verdicts)}件と比べて、違いは {len(found)}件です。")
    if left := unasked(record, asked):
        print(f"そのあと変わった {left}件は、まだLINEに聞いていません。")
    return 1 if found else 0


def _recorded(out: Path, asked: list[Case], pace: float) -> Record:
    if os.environ.get("CI"):
        raise UnansweredError("本物のLINEを呼ぶので、CIでは動かしません → 手元で動かしてください")
    if not (given := os.environ.get("LINE_CHANNEL_ACCESS_TOKEN")):
        raise UnansweredError(
            "LINE_CHANNEL_ACCESS_TOKEN が設定されていません"
            " → LINE Developersコンソールで発行したトークンを環境変数に入れてください"
        )
    try:
        token = access_token(given).get_secret_value()
        base = api_base(os.environ.get("LINE_API_BASE") or "https://api.line.me")
    except ValueError as error:
        raise UnansweredError(f"LINE_CHANNEL_ACCESS_TOKEN か LINE_API_BASE: {error}") from None
    verdicts = asyncio.run(ask(base, token, asked, pace=pace))
    record = Record(datetime.now(TOKYO).date(), verdicts)
    record.write(out)
    print(f"{out} に書きました。")
    return record


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return UNUSABLE
