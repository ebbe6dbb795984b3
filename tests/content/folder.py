"""A content folder of our own to spoil."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from content.catalog import HERE, Catalog, survey
from content.wording import Words

INVENTED = Path(__file__).parent / "small"


@dataclass(frozen=True)
class Folder:
    """A content folder that may be changed: ``path`` is where it stands."""

    path: Path

    def read(self, file: str) -> str:
        """What stands in *file*."""
        return (self.path / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Make *file* say *text*."""
        (self.path / file).write_text(text, encoding="utf-8")

    def swap(self, file: str, old: str, new: str) -> int:
        """Put *new* in the place of *old*, which stands there once; the line where it begins."""
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))
        return text.count("\n", 0, text.index(old)) + 1

    def add(self, file: str, text: str) -> int:
        """Write *text* under all that *file* says; the line where it begins."""
        before = self.read(file)
        self.write(file, before + text)
        return before.count("\n") + 1

    def line(self, file: str, text: str) -> int:
        """The line on which *text*, which stands there once, begins."""
        return self.swap(file, text, text)

    def problems(self) -> list[str]:
        """Everything the reader and the rules find: `file:line: what → mend`."""
        return [str(problem) for problem in survey(self.path)[1]]


def invented(path: Path) -> Folder:
    """Two invented services with the least of everything else, so that reading takes no time.

    The words people type are made here, since they are no part of any test but have to be there.
    """
    shutil.copytree(INVENTED, path, dirs_exist_ok=True)
    (path / "texts").mkdir()
    folder = Folder(path)
    folder.write(
        "texts/withdrawal.yaml", "starting: {name: はじめ, say: はじめます。, again: さあ。}\n"
    )
    folder.write("phrases.yaml", "back: 戻る\n")
    folder.write(
        "words.yaml", "".join(f'"{name}": [{name}の言葉]\n' for name in Words.model_fields)
    )
    return folder


def spoken(path: Path) -> Folder:
    """The invented services with every word the bot really says, so that they can be walked."""
    folder = invented(path)
    shutil.copytree(HERE / "texts", path / "texts", dirs_exist_ok=True)
    for file in ("phrases.yaml", "words.yaml"):
        shutil.copy(HERE / file, path / file)
    return folder


def shipped(path: Path) -> Folder:
    """A copy of the content shipped with the bot."""
    for part in ("services", "letters", "texts"):
        shutil.copytree(HERE / part, path / part)
    for file in HERE.glob("*.yaml"):
        shutil.copy(file, path / file.name)
    return Folder(path)


def with_more(catalog: Catalog, file: str, text: str) -> tuple[Catalog, int]:
    """*catalog* as if *text* were written into one of the texts of *file*, and on which line.

    For the rules that read texts; nothing is written to a disk.
    """
    document = copy.deepcopy(catalog.documents[file])
    facts = [it for it in document.texts() if it[0][0] == "facts" and it[0][-1] == "text"]
    place, before = (facts or list(document.texts()))[-1]
    holder: Any = document.data
    for part in place[:-1]:
        holder = holder[part]
    holder[place[-1]] = f"{before}{text}"
    documents = MappingProxyType({**catalog.documents, file: document})
    return replace(catalog, documents=documents), document.line(place)
