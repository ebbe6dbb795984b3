"""Code of others that is served with the page: exactly what its notice says."""

from __future__ import annotations

import hashlib
import re

from dev import ROOT

VENDOR = ROOT / "bot" / "simulator" / "static" / "vendor"
FIELDS = ("name", "version", "file", "sha256", "licence")


def test_every_file_is_the_one_the_notice_names() -> None:
    """A changed or added file would be code nobody has looked at: hashes and names must agree."""
    notice = (VENDOR / "NOTICE").read_text("utf-8")
    told = {field: re.findall(rf"^{field}: +(.+)$", notice, re.MULTILINE) for field in FIELDS}
    named = [file.split(" ")[0] for file in told["file"]]
    hashed = [hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() for file in named]

    assert {path.name for path in VENDOR.iterdir()} == {*named, "NOTICE"}
    assert hashed == told["sha256"]
    assert len(told["name"]) == len(told["version"]) == len(told["licence"]) == len(named)
    assert "Permission is hereby granted, free of charge" in notice
