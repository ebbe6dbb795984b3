"""How LINE says no: its statuses, its sentences, its JSON.

Sentences follow LINE's reference (#error-responses, "Error messages"); nobody may rely on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Detail:
    """What is wrong with one ``property`` of a request."""

    message: str
    property: str


@dataclass(slots=True)
class RefusalError(Exception):
    """A call LINE does not carry out."""

    status: int
    message: str
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        said: dict[str, Any] = {"message": self.message}
        if self.details:
            said["details"] = [
                {"message": detail.message, "property": detail.property} for detail in self.details
            ]
        return {**said, **self.more}


def invalid(details: Sequence[Detail]) -> RefusalError:
    """The request's body breaks rules, one *detail* each."""
    return RefusalError(400, f"The request body has {len(details)} error(s)", details)


def invalid_parameter(name: str) -> RefusalError:
    """What the path names *name* has not the shape of one."""
    return RefusalError(400, f"The value for the '{name}' parameter is invalid")


def invalid_token() -> RefusalError:
    """The reply token was used, is too old, or never was one: LINE does not say which."""
    return RefusalError(400, "Invalid reply token")


def unauthorized() -> RefusalError:
    """No access token, or a wrong one."""
    return RefusalError(
        401,
        "Authentication failed. "
        "Confirm that the access token in the authorization header is valid.",
    )


def not_found() -> RefusalError:
    """No such person, or one who does not show us their profile; or no such rich menu."""
    return RefusalError(404, "Not found")


def accepted_before(request_id: str, messages: Sequence[Mapping[str, str]]) -> RefusalError:
    """This push was accepted already: LINE's 409 is a success."""
    return RefusalError(
        409,
        "The retry key is already accepted",
        headers={"x-line-accepted-request-id": request_id},
        more={"sentMessages": list(messages)},
    )


def too_large() -> RefusalError:
    """More than 2 MB (#status-codes)."""
    return RefusalError(413, "Request exceeds the max size of 2MB. Make the request smaller.")


def rate_limited() -> RefusalError:
    """Too many calls a second."""
    return RefusalError(429, "The API rate limit has been exceeded. Try again later.")


def monthly_limit() -> RefusalError:
    """The month's free messages are used up; only the sentence tells it from the above."""
    return RefusalError(429, "You have reached your monthly limit.")


def broken_down() -> RefusalError:
    """LINE itself failed; it may or may not have done what it was asked."""
    return RefusalError(500, "The server encountered an internal error")


def not_played(method: str, path: str) -> RefusalError:
    """A call our LINE does not know: better no answer than one that pretends."""
    return RefusalError(501, f"The simulator does not know {method} {path}")
