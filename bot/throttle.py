"""Holds back strangers who call the webhook again and again without LINE's signature.

What it may not do is hold back LINE. Behind a proxy every call comes from one address, LINE's
and everybody else's alike, so an address alone proves nothing. Therefore:

- only a call that cannot be LINE's is refused for its address: one without a signature that
  could be one (`could_be_signed`). It is answered 429 before its body is read;
- a call with such a signature is always read and checked, whatever others did from its address.
  Each wrong one takes from the allowance too, and beyond it is not written to the log.

So somebody who invents signatures costs us one HMAC over at most 1 MiB a call, as ever, but
fills no disk; how many calls one address may make at all is for the proxy in front to say.
"""

from __future__ import annotations

import re
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

BURST = 100
"""Unsigned calls one client may make at once; so nobody who tries things out by hand is hit."""

PER_SECOND = 2.0
"""How fast the allowance of one client comes back."""

BURST_OF_ALL = 1_000
PER_SECOND_OF_ALL = 20.0
"""The same for all clients together: many addresses must not do what one may not."""

CLIENTS = 4_096
"""Clients remembered; beyond it the one not heard from for longest is forgotten. About 1 MiB."""

IPV6_NETWORK = 8
"""Bytes of an IPv6 address that tell clients apart: whoever has one has the whole /64."""

_IPV4_IN_IPV6 = b"\0" * 10 + b"\xff\xff"

_SIGNATURE = re.compile(rb"[A-Za-z0-9+/]{43}=")
"""An HMAC-SHA256, 32 bytes, in base64."""


def could_be_signed(signatures: Sequence[bytes]) -> bool:
    """Whether *signatures*, every ``x-line-signature`` of a call, may hold one of LINE's.

    There is exactly one, and it is base64 of 32 bytes. Whether it is right, the body tells.
    """
    return len(signatures) == 1 and _SIGNATURE.fullmatch(signatures[0]) is not None


@dataclass(slots=True)
class _Bucket:
    """Tokens that trickle back: ``left`` of them at the time ``at``."""

    left: float
    at: float

    def refill(self, now: float, per_second: float, most: float) -> None:
        """Put in what came back since ``at``."""
        self.left = min(most, self.left + max(0.0, now - self.at) * per_second)
        self.at = now

    def take(self) -> bool:
        """Take one token; False where there is none."""
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Throttle:
    """Counts calls that LINE did not sign, by the address of who made them."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        *,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        burst_of_all: int = BURST_OF_ALL,
        per_second_of_all: float = PER_SECOND_OF_ALL,
        clients: int = CLIENTS,
    ) -> None:
        """*now* tells seconds and never goes back."""
        self._now = now
        self._burst, self._per_second = burst, per_second
        self._burst_of_all, self._per_second_of_all = burst_of_all, per_second_of_all
        self._clients = clients
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._all = _Bucket(burst_of_all, now())

    def allow(self, client: str) -> bool:
        """Whether *client* (an address, or "" where there is none) has any allowance left.

        Costs nothing of it. To be asked of calls alone that cannot be LINE's.
        """
        now = self._now()
        self._all.refill(now, self._per_second_of_all, self._burst_of_all)
        if self._all.left < 1:
            return False
        bucket = self._buckets.get(network(client))
        if bucket is None:
            return True
        bucket.refill(now, self._per_second, self._burst)
        return bucket.left >= 1

    def failed(self, client: str) -> bool:
        """*client* made a call that LINE did not sign. False when their allowance is used up:
        then it is not worth another line in the log."""
        now = self._now()
        whose = network(client)
        bucket = self._buckets.get(whose)
        if bucket is None:
            bucket = self._buckets[whose] = _Bucket(self._burst, now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(whose)
        bucket.refill(now, self._per_second, self._burst)
        self._all.refill(now, self._per_second_of_all, self._burst_of_all)
        return bucket.take() and self._all.take()


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, an IPv6 /64, or *client* as it is written."""
    if ":" not in client:
        return client
    try:
        packed = socket.inet_pton(socket.AF_INET6, client.partition("%")[0])
    except (OSError, ValueError):
        return client
    if packed.startswith(_IPV4_IN_IPV6):
        return socket.inet_ntop(socket.AF_INET, packed[len(_IPV4_IN_IPV6) :])
    return socket.inet_ntop(socket.AF_INET6, packed[:IPV6_NETWORK].ljust(16, b"\0"))
