"""The tables, the same in every database, and how an older layout becomes the present one.

Every primary key begins with ``user_key`` and no row points to another person's, so the same
layout can be spread over many databases by that key. Only ``meta`` has no person in it.

Changes go in three steps, so that code of the release before keeps working while nodes are
replaced one by one: expand (add what the new code needs, raise `VERSION`, keep `WORKS_WITH`),
deploy, contract (remove what nobody reads any more, raise `WORKS_WITH`). For the same reason
no statement relies on the order or the number of columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.store.port import StoreRefusedError

VERSION = 2
"""Of the layout this code makes."""

WORKS_WITH = 2
"""The oldest version whose code works on this layout."""

LAYOUT = """
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
){compact};

-- Where each person is: the row that is locked for everything that happens to them. started_at,
-- last_at and erased_at are times of events, touched and crowd_since are ours. Without state it
-- is what is left of an erased person, and nothing older than erased_at may bring them back.
CREATE TABLE person (
    user_key    {bytes} NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    state       {bytes},
    faults      BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    last_at     BIGINT,
    erased_at   BIGINT,
    touched     BIGINT NOT NULL,
    crowd_since BIGINT NOT NULL,
    crowd       BIGINT NOT NULL
);
CREATE INDEX person_by_age ON person (touched);

-- Every event ever heard, for as long as LINE might deliver it again. No content. A message that
-- was taken back is listed too, by its own key.
CREATE TABLE inbox (
    user_key  {bytes} NOT NULL,
    event_key {bytes} NOT NULL,
    received  BIGINT NOT NULL,
    outcome   TEXT NOT NULL,
    PRIMARY KEY (user_key, event_key)
){compact};
CREATE INDEX inbox_by_age ON inbox (received);

-- Events that are safe but not decided on yet.
CREATE TABLE deferred (
    user_key    {bytes} NOT NULL,
    event_key   {bytes} NOT NULL,
    message_key {bytes},
    at          BIGINT NOT NULL,
    received    BIGINT NOT NULL,
    leaving     BIGINT NOT NULL,
    event       {bytes} NOT NULL,
    next_at     BIGINT NOT NULL,
    PRIMARY KEY (user_key, event_key)
);
CREATE INDEX deferred_due ON deferred (next_at);

-- Answers. While claimed, claimed = 1 and next_at is the end of the lease.
CREATE TABLE outbox (
    user_key   {bytes} NOT NULL,
    seq        BIGINT NOT NULL,
    event_key  {bytes} NOT NULL,
    event_at   BIGINT NOT NULL,
    received   BIGINT NOT NULL,
    token_born BIGINT NOT NULL,
    letter     {bytes},
    status     TEXT NOT NULL,
    plain      BIGINT NOT NULL,
    push       BIGINT NOT NULL,
    ambiguous  BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    claimed    BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    PRIMARY KEY (user_key, seq),
    CHECK ((status = 'waiting') = (letter IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE status = 'waiting';
CREATE INDEX outbox_by_age ON outbox (received);

-- How much of a day's allowance is used up.
CREATE TABLE allowance (
    user_key {bytes} NOT NULL,
    day      BIGINT NOT NULL,
    used     BIGINT NOT NULL,
    PRIMARY KEY (user_key, day)
);
"""

OUT_OF_THE_WAY_1 = """
ALTER TABLE inbox RENAME TO inbox_1;
ALTER TABLE outbox RENAME TO outbox_1;
DROP INDEX inbox_by_age;
DROP INDEX outbox_by_age;
DROP INDEX outbox_due;
DROP INDEX outbox_of_person;
DROP INDEX conversation_by_age;
"""
"""What stands in the way of the present tables in version 1, which had others of these names."""

BROUGHT_OVER_1 = """
INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT user_key, event_key, received, outcome FROM inbox_1;
INSERT INTO outbox (user_key, seq, event_key, event_at, received, token_born, letter, status,
                    plain, push, ambiguous, tries, claimed, next_at)
    SELECT user_key, seq, event_key, event_at, received, token_born, letter, status,
           plain, 0, ambiguous, tries, claimed, next_at FROM outbox_1;
INSERT INTO person (user_key, version, state, faults, last_seq, started_at, last_at, erased_at,
                    touched, crowd_since, crowd)
    SELECT known.user_key, coalesce(version, 1), state, coalesce(faults, 0),
           coalesce((SELECT max(seq) FROM outbox_1 AS o WHERE o.user_key = known.user_key), 0),
           coalesce(started_at, erased_at, 0), last_at, erased_at,
           coalesce(touched, received, (SELECT max(o.received) FROM outbox_1 AS o
                                        WHERE o.user_key = known.user_key)), 0, 0
    FROM (SELECT user_key FROM conversation UNION SELECT user_key FROM tombstone
          UNION SELECT user_key FROM outbox_1) AS known
    LEFT JOIN conversation ON conversation.user_key = known.user_key
    LEFT JOIN tombstone ON tombstone.user_key = known.user_key;
DROP TABLE inbox_1;
DROP TABLE outbox_1;
DROP TABLE conversation;
DROP TABLE tombstone;
"""
"""Then all that version 1 kept moves in."""


def changes(found: int, spelling: Mapping[str, str]) -> Iterator[str]:
    """The statements that bring version *found* (0: an empty database) to `VERSION`.

    *spelling* gives what databases spell differently: the type of ``bytes``, and ``compact``,
    which ends a table stored in the order of its key.
    """
    meta, *tables = _statements(LAYOUT.format(**spelling))
    if found == 0:
        yield from (meta, *tables)
        yield "INSERT INTO meta (name, value) VALUES ('schema', '0'), ('works_with', '0')"
    elif found == 1:  # which has a meta table, and did not promise anything in it
        yield from _statements(OUT_OF_THE_WAY_1)
        yield from tables
        yield from _statements(BROUGHT_OVER_1)
        yield "INSERT INTO meta (name, value) VALUES ('works_with', '0')"
    for name, value in (("schema", VERSION), ("works_with", WORKS_WITH)):
        yield f"UPDATE meta SET value = '{value}' WHERE name = '{name}'"  # noqa: S608 - both ours


def must_be_usable(schema: str | None, works_with: str | None) -> int:
    """The version that ``meta`` tells; StoreRefusedError for one this code cannot work with."""
    if schema is None or not schema.isdigit():
        raise StoreRefusedError("データベースの形式が読めません。DATABASE_URLを確かめてください。")
    found = int(schema)
    oldest = int(works_with) if works_with and works_with.isdigit() else found
    if found > VERSION and oldest > VERSION:
        raise StoreRefusedError(
            f"データベースの形式({found})が、このプログラム({VERSION})より新しいものです。"
            "新しいバージョンのプログラムで起動してください。"
        )
    return found


def _statements(script: str) -> Iterator[str]:
    """The statements of *script*, without comments."""
    bare = "\n".join(line.partition("--")[0].rstrip() for line in script.splitlines())
    for statement in bare.split(";"):
        if statement.strip():
            yield statement.strip()
