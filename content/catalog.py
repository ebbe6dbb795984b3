"""The only reader of the content: files in, one frozen `Catalog` out, or every error at once.

content/
  services/<slug>.yaml   one job service; services/other.yaml is the path for any other one
  letters/<name>.yaml    one ready-made message
  texts/<flow>.yaml      what the bot says in each state
  phrases.yaml  words.yaml  reasons.yaml  fields.yaml  channels.yaml  law.yaml  desks.yaml
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter

from content.evidence import Key, Text
from content.files import Files
from content.letter import Article, Channel, Field, Letter, fill
from content.problems import ContentError, Problem
from content.reader import Document
from content.service import Service
from content.wording import Desk, StateText, Words

HERE = Path(__file__).parent

_NO_WORDS = Words.model_validate(dict.fromkeys(Words.model_fields, ()))
"""Stands in while words.yaml cannot be used."""


@dataclass(frozen=True, eq=False)
class Catalog:
    """All content, read and checked. ``documents`` keep the place of every text for messages.

    Equal only to itself, and so a quick key of caches: comparing two by value takes long.
    """

    root: Path
    services: Mapping[str, Service]
    letters: Mapping[str, Letter]
    texts: Mapping[str, StateText]
    phrases: Mapping[str, str]
    words: Words
    reasons: Mapping[str, str]
    fields: Mapping[str, Field]
    channels: Mapping[str, Channel]
    law: Mapping[str, Article]
    desks: Mapping[str, Desk]
    documents: Mapping[str, Document]

    @cached_property
    def version(self) -> str:
        """A short fingerprint of everything said and known; changes when any of it does."""
        digest = hashlib.sha256()
        for name in sorted(self.documents):
            digest.update(name.encode() + b"\0" + repr(self.documents[name].data).encode() + b"\0")
        return digest.hexdigest()[:12]

    def run_by(self, operator: str, privacy_url: str = "") -> Catalog:
        """The same catalog with a greeting that names who runs the bot.

        Without *privacy_url* the greeting has no link to the privacy page.
        """
        parts = [fill(self.phrases["greeting"], {"operator": operator})]
        if privacy_url:
            parts.append(fill(self.phrases["greeting_privacy"], {"url": privacy_url}))
        parts.append(self.phrases["greeting_erase"])
        phrases = {**self.phrases, "greeting": "\n".join(parts)}
        return replace(self, phrases=MappingProxyType(phrases))


def load(directory: Path | None = None) -> Catalog:
    """Read all content under *directory* (default: the content shipped with the bot).

    Raises ContentError with every problem of every file.
    """
    catalog, problems = survey(directory)
    if problems:
        raise ContentError(problems)
    return catalog


def survey(directory: Path | None = None) -> tuple[Catalog, list[Problem]]:
    """All that can be read under *directory*, and all that is wrong with it.

    A file that cannot be used leaves a gap in the catalog; what other files say about the gap
    is not a problem of its own. With a problem in the list the catalog is for checking only.
    """
    from content.rules import broken_rules  # the rules are about the catalog defined here

    catalog, problems = _read(directory or HERE)
    return catalog, sorted({*problems, *broken_rules(catalog)})


def _read(root: Path) -> tuple[Catalog, list[Problem]]:
    files = Files(root)
    catalog = Catalog(
        root=root,
        services=files.folder("services", Service, needed="other"),
        letters=files.folder("letters", Letter),
        texts=files.merged("texts", TypeAdapter(dict[Key, StateText])),
        phrases=files.table("phrases.yaml", TypeAdapter(dict[Key, Text])),
        words=files.one("words.yaml", Words) or _NO_WORDS,
        reasons=files.table("reasons.yaml", TypeAdapter(dict[Key, Text])),
        fields=files.table("fields.yaml", TypeAdapter(dict[Key, Field])),
        channels=files.table("channels.yaml", TypeAdapter(dict[Key, Channel])),
        law=files.table("law.yaml", TypeAdapter(dict[Key, Article])),
        desks=files.table("desks.yaml", TypeAdapter(dict[Key, Desk])),
        documents=MappingProxyType(files.documents),
    )
    return catalog, files.problems
