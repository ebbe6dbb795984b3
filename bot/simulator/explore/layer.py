"""What one layer of the exploration did, and what it found wrong."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Layer:
    """Grows while a layer works. ``seconds`` are of this process's CPU, all threads together."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    _faults: dict[str, str] = field(default_factory=dict)
    _begun: float = field(default_factory=time.process_time)

    def fault(self, sentence: str, how: str = "") -> None:
        """Something is wrong. Of the same *sentence* only the first *how* it came about is kept."""
        self._faults.setdefault(sentence, how)

    def ended(self) -> Layer:
        """The layer itself, which took until now."""
        self.seconds = time.process_time() - self._begun
        return self

    def add(self, other: Layer) -> None:
        """Take in what the same layer did elsewhere."""
        self.counts += other.counts
        self.seconds += other.seconds
        for sentence, how in other._faults.items():
            self.fault(sentence, how)

    @property
    def faults(self) -> list[str]:
        """Every fault with the first way to it."""
        return [
            f"{sentence}（{how}）" if how else sentence for sentence, how in self._faults.items()
        ]

    def line(self) -> str:
        """All of it in a line."""
        counted = "、".join(f"{what} {count}" for what, count in self.counts.items())
        return f"{self.name}: {counted}、誤り {len(self._faults)}（CPU {self.seconds:.1f} 秒）"
