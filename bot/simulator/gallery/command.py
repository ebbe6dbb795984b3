"""`taikai gallery`: every message on one page, or one service as a script to print."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.simulator.gallery.listing import listing
from bot.simulator.gallery.page import gallery
from bot.simulator.gallery.script import script
from bot.simulator.gallery.script_page import script_page
from bot.simulator.gallery.script_text import text
from bot.simulator.inspector.sources import Sources
from content.catalog import Catalog, survey
from flows import check as flow_check

UNUSABLE = 2
"""Exit code of a command that could not do what it was asked for."""


def show(out: Path, service: str | None, script_of: str | None, *, as_text: bool) -> int:
    """Write the gallery (of one *service*), or the script of *script_of*, into the folder *out*
    and say where it is; as text, the script goes to standard output. Gives the exit code.

    Too long a text is what the gallery is there to show, so it asks for no more of the content
    than that all of it can be said.
    """
    catalog, problems = survey()
    if problems := problems or flow_check.problems(catalog):
        return _refused(*(f"content/{problem}" for problem in problems))
    try:
        if as_text and script_of is None:
            return _refused(
                "--text は台本だけのものです → --script サービス名 と一緒に使ってください"
            )
        if as_text and script_of is not None:
            sys.stdout.write(script_text(catalog, script_of))
        elif script_of is not None:
            print(write_script(catalog, out, script_of))
        else:
            print(write_gallery(catalog, out, service))
    except UnknownServiceError as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(
            f"{error.filename}: 書けません（{error.strerror}） → ほかのフォルダーを指定してください"
        )
    return 0


def _refused(*sentences: str) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return UNUSABLE


class UnknownServiceError(Exception):
    """There is no service of that name; the message says which there are."""


def gallery_of(catalog: Catalog, service: str | None = None, script: str = "") -> str:
    """The gallery of all services, or of one; *script* is that of `gallery`.

    Raises UnknownServiceError.
    """
    if service is not None:
        _must_be_known(catalog, service)
    return gallery(listing(catalog, service), Sources(catalog), catalog.version, script)


def write_gallery(catalog: Catalog, out: Path, service: str | None = None) -> Path:
    """Write the gallery of all services, or of one, into the folder *out*; the file's path.

    Raises UnknownServiceError, and OSError where *out* cannot be written to.
    """
    made = gallery_of(catalog, service)
    return _written(out / (f"gallery-{service}.html" if service else "gallery.html"), made)


def write_script(catalog: Catalog, out: Path, service: str) -> Path:
    """Write the printable script of *service* into the folder *out*; raises as above."""
    title = _title(catalog, service)
    made = script_page(title, script(catalog, service), catalog.version)
    return _written(out / f"script-{service}.html", made)


def script_text(catalog: Catalog, service: str) -> str:
    """The script of *service* as plain text. Raises UnknownServiceError."""
    return text(_title(catalog, service), script(catalog, service))


def _title(catalog: Catalog, service: str) -> str:
    _must_be_known(catalog, service)
    return f"退会ナビの台本：{catalog.services[service].name}"


def _must_be_known(catalog: Catalog, service: str) -> None:
    if service not in catalog.services:
        known = "・".join(catalog.services)
        raise UnknownServiceError(
            f"{service}: そのサービスはありません → {known} のどれかにしてください"
        )


def _written(path: Path, made: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made, encoding="utf-8")
    return path
