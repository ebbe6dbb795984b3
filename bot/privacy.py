"""``GET /privacy``: who runs this, what is kept, for how long, and how to have it erased."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from bot.engine import retention
from bot.store.rules import DAY, HOUR

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


NOT_PUSHED = (
    "LINEのユーザーIDは、そのままでは保存しません。"
    "鍵を使って作った、元に戻せない仮の番号に置きかえます。"
)
PUSHED = (
    "LINEのユーザーIDは、鍵を使って作った、元に戻せない仮の番号に置きかえます。"
    "返事を届けるのに必要なあいだだけ、返事と一緒に暗号化して持ち、送り終わると消します。"
)


class PrivacyPage:
    """The page, made once: it says the same to everybody."""

    def __init__(self, operator_name: str, operator_contact: str, *, push: bool = False) -> None:
        """*push* says that answers may be pushed, for which user ids are kept for a while."""
        template = (files("bot") / "pages" / "privacy.html").read_text("utf-8")
        values = {
            "operator_name": html.escape(operator_name),
            "operator_contact": _linked(operator_contact),
            "user_id": PUSHED if push else NOT_PUSHED,
            "conversation_days": str(retention.CONVERSATIONS // DAY),
            "event_days": str(retention.EVENT_IDS // DAY),
            "tombstone_days": str(retention.TOMBSTONES // DAY),
            "answer_hours": str(retention.ANSWERS // HOUR),
        }
        # In one pass: what an operator wrote is never taken for a place to fill in.
        text = re.sub(r"\{\{(\w+)\}\}", lambda place: values[place[1]], template)
        self._body = text.encode()
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{_digest_of_style(template)}';"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    async def show(self, _request: Request) -> Response:
        """The page itself."""
        return Response(
            self._body,
            media_type="text/html; charset=utf-8",
            headers={"content-security-policy": self._policy},
        )


def _digest_of_style(template: str) -> str:
    """What lets a browser apply the page's own style and no other."""
    style = _STYLE.search(template)
    if style is None:
        return ""
    return base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()


def _linked(contact: str) -> str:
    """*contact* as HTML: a link when it is a web or mail address."""
    text = html.escape(contact)
    if contact.startswith("https://") and not re.search(r"\s", contact):
        return f'<a href="{text}" rel="noopener noreferrer">{text}</a>'
    if _MAIL.fullmatch(contact):
        return f'<a href="mailto:{text}">{text}</a>'
    return text
