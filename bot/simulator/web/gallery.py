"""The gallery of the content in use, in a tab of its own: made anew whenever that changes."""

from __future__ import annotations

import threading

from bot.simulator.gallery.command import gallery_of
from bot.simulator.session import Session
from bot.simulator.web.guard import POLICY
from content.catalog import Catalog

SCRIPT = "/static/gallery.js"

HEADERS = {
    "content-security-policy": POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'")
}
"""The page's own policy, which holds beside this one, lets through the one style sheet it carries,
by its hash."""


class LiveGallery:
    """Makes the page for each content once. Safe to use from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._of: Catalog | None = None
        self._made: dict[str, str] = {}

    def page(self, service: str = "") -> str:
        """The gallery of all services, or of one; new content takes some seconds.

        Raises UnknownServiceError.
        """
        with self._lock:
            catalog = self._session.catalog
            if catalog is not self._of:
                self._of, self._made = catalog, {}
            if service not in self._made:
                self._made[service] = gallery_of(catalog, service or None, SCRIPT)
            return self._made[service]
