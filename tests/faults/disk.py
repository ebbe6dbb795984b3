"""A disk that fails on demand and remembers what was really on it, under the real SQLite.

SQLite reaches the disk through a table of functions (sqlite.org/c3ref/vfs.html). Here five of
them are wrapped, by way of ctypes, in the very library that Python's ``sqlite3`` uses: the
program under test knows nothing of it. Whatever was written since the last sync of a file may
be lost in a power cut, in any combination; `Disk.after_power_cut` shows one such outcome.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SQLITE_FULL = 13
SQLITE_IOERR_FSYNC = 10 | 4 << 8
SQLITE_IOERR_WRITE = 10 | 3 << 8
SQLITE_READONLY = 8

SECTOR = 512
"""Bytes a disk writes whole; a longer write may be torn between two of them."""

_P, _I, _I64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_I, _P, _P, _P, _I, _P)  # the name stays a pointer: SQLite keeps it
_DELETE = ctypes.CFUNCTYPE(_I, _P, _P, _I)
_WRITE = ctypes.CFUNCTYPE(_I, _P, _P, _I, _I64)
_TRUNCATE = ctypes.CFUNCTYPE(_I, _P, _I64)
_SYNC = ctypes.CFUNCTYPE(_I, _P, _I)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", _I), ("szOsFile", _I), ("mxPathname", _I), ("pNext", _P),
        ("zName", ctypes.c_char_p), ("pAppData", _P), ("xOpen", _P),
        ("xDelete", _P),
        ("rest", _P * 14),  # xAccess … xNextSystemCall, version 3
    ]  # fmt: skip


class _Methods(ctypes.Structure):
    _fields_ = [
        ("iVersion", _I), ("xClose", _P), ("xRead", _P), ("xWrite", _P), ("xTruncate", _P),
        ("xSync", _P), ("rest", _P * 13),  # xFileSize … xUnfetch, version 3
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Write:
    """*data* was written at *offset*."""

    path: str
    offset: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Truncate:
    """The file was made *size* bytes long."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """All that was done to the file before is safe now."""

    path: str


@dataclass(frozen=True, slots=True)
class Delete:
    """The file was removed; ``synced`` says that its folder was made safe too."""

    path: str
    synced: bool


Op = Write | Truncate | Sync | Delete


class Disk:
    """Remembers all that is done to databases in *folder* while it is ``watched``.

    ``write_fails`` and ``sync_fails`` are SQLite's error codes, 0 for a disk in good order.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ops: list[Op] = []
        self.write_fails = 0
        self.sync_fails = 0
        self._names: dict[int, str] = {}

    def after_power_cut(self, moment: int, dice: random.Random) -> dict[str, bytes]:
        """The files as they may be found, had the power failed after *moment* operations."""
        done = self.ops[:moment]
        safe = {op.path: index for index, op in enumerate(done) if isinstance(op, Sync)}
        folder = _last_sync_of_the_folder(done)
        files: dict[str, bytearray] = {}
        for index, op in enumerate(done):
            if isinstance(op, Delete):
                if op.synced or index < folder or dice.random() < 0.5:
                    files.pop(op.path, None)
            elif index < safe.get(op.path, -1):
                _apply(op, files.setdefault(op.path, bytearray()))
            elif dice.random() < 0.5:
                _apply(_torn(op, dice), files.setdefault(op.path, bytearray()))
        return {name: bytes(content) for name, content in files.items()}

    # --- called by SQLite, in whatever thread it runs in -----------------------------------------

    def opened(self, file: int, path: str) -> None:
        """SQLite opened *path*, as *file*."""
        self._names[file] = Path(path).name if Path(path).parent == self.folder else ""

    def wrote(self, file: int, data: bytes, offset: int) -> int:
        """SQLite writes; the code it is to be told, 0 for going on."""
        if not (name := self._names.get(file)):
            return 0
        if self.write_fails:
            return self.write_fails
        self.ops.append(Write(name, offset, data))
        return 0

    def truncated(self, file: int, size: int) -> int:
        """SQLite cuts the file off."""
        if name := self._names.get(file):
            self.ops.append(Truncate(name, size))
        return 0

    def deleted(self, path: str, synced: bool) -> None:
        """SQLite removed *path*."""
        if Path(path).parent == self.folder:
            self.ops.append(Delete(Path(path).name, synced))

    def synced(self, file: int) -> int:
        """SQLite wants what it wrote to be safe."""
        if not (name := self._names.get(file)):
            return 0
        if self.sync_fails:
            return self.sync_fails
        self.ops.append(Sync(name))
        return 0


def _last_sync_of_the_folder(done: list[Op]) -> int:
    """When removals were made safe last: SQLite syncs the folder with each new file's first sync
    (os_unix.c, UNIXFILE_DIRSYNC), whose operations alone do not show it."""
    last, known = -1, set[str]()
    for index, op in enumerate(done):
        if isinstance(op, Delete):
            known.discard(op.path)
        elif isinstance(op, Sync) and op.path not in known:
            known.add(op.path)
            last = index
    return last


def _apply(op: Op, content: bytearray) -> None:
    match op:
        case Write(_, offset, data):
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + len(data)] = data
        case Truncate(_, size):
            del content[size:]


def _torn(op: Op, dice: random.Random) -> Op:
    if isinstance(op, Write) and len(op.data) > SECTOR and dice.random() < 0.3:
        whole = dice.randrange(len(op.data) // SECTOR + 1) * SECTOR
        return Write(op.path, op.offset, op.data[:whole])
    return op


@contextmanager
def watched(folder: Path) -> Iterator[Disk]:
    """Every database opened meanwhile by Python's ``sqlite3`` is on this disk."""
    disk = Disk(folder)
    shim = _Shim(_library(), disk)
    shim.install()
    try:
        yield disk
    finally:
        shim.remove()


def _library() -> Any:
    """The SQLite that Python's ``sqlite3`` uses, as far as it lets itself be found."""
    library = ctypes.CDLL(_sqlite3.__file__)
    try:
        library.sqlite3_vfs_find.restype = _P
    except AttributeError:
        missing = "this Python hides its SQLite: use one linked with the system's libsqlite3"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return library


class _Shim:
    """The wrapped functions, kept alive for as long as SQLite may call them."""

    def __init__(self, library: Any, disk: Disk) -> None:
        self._library, self._disk = library, disk
        found = library.sqlite3_vfs_find(None)
        self._real = _Vfs.from_address(found)
        self._mine = _Vfs()
        ctypes.memmove(ctypes.byref(self._mine), found, ctypes.sizeof(_Vfs))
        self._mine.zName = b"failing-disk"
        self._really_open = _OPEN(self._real.xOpen)
        self._open = _OPEN(self._opened)
        self._mine.xOpen = ctypes.cast(self._open, _P)
        self._really_delete = _DELETE(self._real.xDelete)
        self._delete = _DELETE(self._deleted)
        self._mine.xDelete = ctypes.cast(self._delete, _P)
        self._methods: dict[int, tuple[_Methods, tuple[Any, ...]]] = {}

    def install(self) -> None:
        """Make it what databases are opened with."""
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._mine), 1) == 0

    def remove(self) -> None:
        """Put things back; files that are open stay as they are."""
        assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._mine)) == 0
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._real), 1) == 0
        _KEPT.append(self)

    def _opened(self, vfs: int, name: int, file: int, flags: int, out: int | None) -> int:
        code = self._really_open(vfs, name, file, flags, out)
        methods = _P.from_address(file)
        if code == 0 and name and methods.value:
            self._disk.opened(file, os.fsdecode(ctypes.string_at(name)))
            methods.value = ctypes.addressof(self._wrapped(methods.value))
        return int(code)

    def _deleted(self, vfs: int, name: int, sync: int) -> int:
        code = self._really_delete(vfs, name, sync)
        if code == 0:
            self._disk.deleted(os.fsdecode(ctypes.string_at(name)), bool(sync))
        return int(code)

    def _wrapped(self, methods: int) -> _Methods:
        if methods not in self._methods:
            mine = _Methods()
            ctypes.memmove(ctypes.byref(mine), methods, ctypes.sizeof(_Methods))
            write, truncate = _WRITE(mine.xWrite), _TRUNCATE(mine.xTruncate)
            sync, disk = _SYNC(mine.xSync), self._disk

            def on_write(file: int, data: int, size: int, offset: int) -> int:
                told = disk.wrote(file, ctypes.string_at(data, size), offset)
                return told or int(write(file, data, size, offset))

            def on_truncate(file: int, size: int) -> int:
                return disk.truncated(file, size) or int(truncate(file, size))

            def on_sync(file: int, flags: int) -> int:
                return disk.synced(file) or int(sync(file, flags))

            kept = (_WRITE(on_write), _TRUNCATE(on_truncate), _SYNC(on_sync))
            mine.xWrite, mine.xTruncate, mine.xSync = (ctypes.cast(each, _P) for each in kept)
            self._methods[methods] = (mine, (*kept, write, truncate, sync))
        return self._methods[methods][0]


_KEPT: list[_Shim] = []
"""A file opened meanwhile may still be in use, and calls its functions."""
