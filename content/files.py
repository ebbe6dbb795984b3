"""Files → validated records. What cannot be used is left out, and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from content.evidence import SLUG
from content.faults import explained
from content.problems import Problem
from content.reader import Data, Document, read

T = TypeVar("T")


@dataclass(slots=True)
class Files:
    """The content folder ``root`` while it is being read.

    ``documents`` holds every file that was there, by its path below ``root``; the data of an
    unreadable one is None.
    """

    root: Path
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def folder(self, name: str, kind: type[T], needed: str = "") -> Mapping[str, T]:
        """Each file of the folder as a *kind*, by its name without ``.yaml``.

        *needed* is the name of a file that has to be among them.
        """
        files = self._named(name)
        if needed and needed not in files:
            self._missing(f"{name}/{needed}.yaml")
        found = {stem: self._validated(document, kind) for stem, document in files.items()}
        return MappingProxyType({stem: it for stem, it in found.items() if it is not None})

    def merged(self, name: str, kind: TypeAdapter[dict[str, T]]) -> Mapping[str, T]:
        """The entries of every file of the folder as one table."""
        merged: dict[str, T] = {}
        for document in self._named(name).values():
            entries = self._entries(document, kind)
            for key in entries.keys() & merged.keys():
                what = f"「{key}」は同じフォルダーの別のファイルにもあります"
                self.problems.append(
                    document.problem((key,), what, "どちらか一つだけにしてください")
                )
            merged |= entries
        return MappingProxyType(merged)

    def table(self, name: str, kind: TypeAdapter[dict[str, T]]) -> Mapping[str, T]:
        """The entries of one file."""
        document = self._document(name)
        return MappingProxyType({} if document is None else self._entries(document, kind))

    def one(self, name: str, kind: type[T]) -> T | None:
        """The file as one *kind*."""
        document = self._document(name)
        return None if document is None else self._validated(document, kind)

    def _named(self, folder: str) -> dict[str, Document]:
        """The documents of *folder* by their names, which people and other files rely on."""
        found = {}
        for path in sorted((self.root / folder).glob("*.y*ml")):
            name = f"{folder}/{path.name}"
            if path.suffix != ".yaml":
                mend = "ファイルの名前の終わりを .yaml にしてください"
                self.problems.append(Problem(name, 0, "読まれないファイルです", mend))
            elif not re.match(SLUG, path.stem):
                mend = "英小文字で始め、英小文字・数字・- だけの名前にしてください"
                self.problems.append(Problem(name, 0, "使えないファイル名です", mend))
            elif document := self._document(name):
                found[path.stem] = document
        return found

    def _document(self, name: str) -> Document | None:
        path = self.root / name
        if not path.is_file():
            self._missing(name)
            return None
        before = len(self.problems)
        document = self.documents[name] = read(path, self.root, self.problems)
        if document.data is None and len(self.problems) == before:
            self.problems.append(Problem(name, 1, "ファイルが空です", "中身を書いてください"))
        if document.data is not None and not isinstance(document.data, dict):
            mend = "いちばん外側を「名前: 値」の形で書いてください"
            self.problems.append(document.problem((), "ファイル全体の形が違います", mend))
            document.data = None
        return document

    def _missing(self, name: str) -> None:
        mend = "このファイルを置いてください"
        self.problems.append(Problem(name, 0, "ファイルがありません", mend))

    def _validated(self, document: Document, kind: type[T]) -> T | None:
        return self._checked(document, TypeAdapter(kind), document.data)

    def _entries(self, document: Document, kind: TypeAdapter[dict[str, T]]) -> dict[str, T]:
        """Entry by entry, so that a wrong one does not take the others with it."""
        data = document.data if isinstance(document.data, dict) else {}
        found: dict[str, T] = {}
        for key, value in data.items():
            entry = self._checked(document, kind, {key: value})
            if entry is not None:
                found |= entry
        return found

    def _checked(self, document: Document, kind: TypeAdapter[T], data: Data) -> T | None:
        if data is None:
            return None
        try:
            return kind.validate_python(data)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                # Items that were refused are not counted; that they are wrong is said already.
                if fault["type"] != "too_short" or not fault["input"]:
                    self.problems.append(explained(document, fault))
        return None
