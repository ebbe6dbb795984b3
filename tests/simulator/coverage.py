"""A small content to cover: two services, one with talks, everything in it reachable."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bot.simulator.coverage.held import TALKS
from content.catalog import Catalog

SLUG = "careertrek"
"""The smallest service: one method, so everything in it is soon seen."""

FILES = sorted((TALKS / SLUG).glob("*.yaml"))
"""Its talks, as they are shipped."""


def small(catalog: Catalog) -> Catalog:
    """*catalog* with only `SLUG` and the path for any other service, which it leads to."""
    services = {slug: catalog.services[slug] for slug in (SLUG, "other")}
    return replace(catalog, services=MappingProxyType(services))
