"""Catalogs the flow is tested with, and ways to make a changed one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from content import catalog as reader
from content.catalog import Catalog
from content.letter import Letter

INVENTED = Path(__file__).parent.parent / "services"
PRIVACY = "https://taikai.example/privacy"

V = TypeVar("V")


def write_invented(folder: Path) -> Path:
    """Put a content folder together: invented services and letters, all other files real."""
    for path in reader.HERE.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(reader.HERE / "texts", folder / "texts")
    for name in ("services", "letters"):
        shutil.copytree(INVENTED / name, folder / name)
    return folder


def load_introduced(folder: Path | None = None) -> Catalog:
    """Read a content folder, with a greeting that names an operator."""
    return reader.load(folder).run_by("試験係", PRIVACY)


def without_service(catalog: Catalog, slug: str) -> Catalog:
    """The content after a service was taken out of it."""
    return replace(catalog, services=_without(catalog.services, slug))


def with_service(catalog: Catalog, slug: str, **changes: Any) -> Catalog:
    """The content after some entries of a service's file were written anew."""
    changed = catalog.services[slug].model_copy(update=changes)
    return replace(catalog, services=MappingProxyType({**catalog.services, slug: changed}))


def without_method(catalog: Catalog, slug: str, method: str) -> Catalog:
    """The content after a service stopped taking withdrawals in one way."""
    methods = dict(_without(catalog.services[slug].methods, method))
    return with_service(catalog, slug, methods=methods)


def with_letter(catalog: Catalog, name: str, letter: Letter) -> Catalog:
    """The content after a letter was written anew."""
    return replace(catalog, letters=MappingProxyType({**catalog.letters, name: letter}))


def _without(things: Mapping[str, V], key: str) -> Mapping[str, V]:
    return MappingProxyType({name: thing for name, thing in things.items() if name != key})
