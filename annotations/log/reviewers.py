"""Who may review: invitations, sessions, and a brake on guessing. Secrets are stored as their hashes only.

A token or session secret is 256 random bits, so its plain SHA-256 can't be turned back by trying: a slow hash, which
passwords need, would only slow down every request.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from annotations.decision import PUBLISHED
from annotations.log.database import reading, writing
from corpus.errors import AccessError, JaizaError, UnknownChoiceError

ReviewerRole = Literal["coder", "adjudicator", "admin", "guest"]
SESSION_SECONDS = 14 * 24 * 3600.0  # a coder works on a review for weeks, on the same machine
ATTEMPTS = 10  # wrong tokens from one address ...
ATTEMPT_SECONDS = 600.0  # ... in so many seconds; then it has to wait until they are over
NAME_LENGTH = 100
RESERVED = (PUBLISHED, "machine", "people", "team")  # names under which the log and the reports show something else

_TABLES = sa.MetaData()
_REVIEWERS = sa.Table(
    "reviewers",
    _TABLES,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),  # empty: no invitation, whoever starts the page is let in
    sa.Column("added", sa.Text, nullable=False),  # ISO 8601, UTC
    sa.Column("revoked", sa.Text, nullable=False),  # empty: not
)
_SESSIONS = sa.Table(
    "sessions",
    _TABLES,
    sa.Column("secret_hash", sa.Text, primary_key=True),
    sa.Column("reviewer", sa.Integer, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),  # seconds since 1970
)
_FAILED = sa.Table(
    "failed_attempts",
    _TABLES,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
_STANDING = _REVIEWERS.c.revoked == ""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who may review; `name` is the coder's name in the decision log."""

    name: str
    role: ReviewerRole
    added: str = ""  # ISO 8601, UTC
    revoked: str = ""  # when; empty: may review
    number: int = 0  # in the database


class Reviewers:
    """The reviewers of one review. Lives in the database of its decision log: `Reviewers(log.engine)`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, name: str, role: ReviewerRole = "coder") -> tuple[Reviewer, str]:
        """A new reviewer and the token of their invitation, which is shown now and never again."""
        token = secrets.token_urlsafe(32)
        return self._insert(name, role, token_hash=_hashed(token)), token

    def ensure(self, name: str, role: ReviewerRole) -> Reviewer:
        """The reviewer of that name, made without an invitation where there is none: whoever starts the page on
        their own machine. Somebody who was invited keeps their role."""
        for reviewer in self.list():
            if reviewer.name == name and not reviewer.revoked:
                return reviewer
        return self._insert(name, role, token_hash="")

    def list(self) -> tuple[Reviewer, ...]:
        """Everybody who was ever added, in that order."""
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(_REVIEWERS).order_by(_REVIEWERS.c.number))
            return tuple(_reviewer(row) for row in rows)

    def revoke(self, name: str) -> Reviewer:
        """Take the invitation and every session of a reviewer away; their decisions stay."""
        with writing(self._engine, _REVIEWERS) as connection:
            row = connection.execute(sa.select(_REVIEWERS).where(_REVIEWERS.c.name == name, _STANDING)).first()
            if row is None:
                standing = connection.scalars(sa.select(_REVIEWERS.c.name).where(_STANDING))
                raise UnknownChoiceError("reviewer", name, list(standing))
            values = {"revoked": _now(), "token_hash": ""}
            connection.execute(sa.update(_REVIEWERS).where(_REVIEWERS.c.number == row.number).values(values))
            connection.execute(sa.delete(_SESSIONS).where(_SESSIONS.c.reviewer == row.number))
        return _reviewer(row)

    def verify_invitation(self, token: str, *, client: str = "") -> Reviewer:
        """Whose invitation `token` is. `client` is where the request came from, for example its address.

        AccessError: nobody's, or too many wrong ones came from there lately; then a right one has to wait too.
        """
        now = time.time()
        with writing(self._engine, _FAILED) as connection:
            connection.execute(sa.delete(_FAILED).where(_FAILED.c.at < now - ATTEMPT_SECONDS))
            mine = sa.select(sa.func.count(), sa.func.min(_FAILED.c.at)).where(_FAILED.c.client == client)
            failed, first = connection.execute(mine).one()
            found = None
            if failed < ATTEMPTS:
                hashed = _hashed(token)
                found = connection.execute(
                    sa.select(_REVIEWERS).where(_REVIEWERS.c.token_hash == hashed, _STANDING)
                ).first()
                if found is None or not secrets.compare_digest(found.token_hash, hashed):
                    connection.execute(sa.insert(_FAILED).values(client=client, at=now))
        if failed >= ATTEMPTS:
            wait = max(1, round((first + ATTEMPT_SECONDS - now) / 60))
            raise AccessError(f"too many wrong links from here: try again in {wait} minutes")
        if found is None:
            raise AccessError("this link is not valid, or was revoked: ask for a new one")
        return _reviewer(found)

    def open_session(self, reviewer: Reviewer) -> str:
        """A new secret for the browser of `reviewer`: what its cookie holds."""
        secret = secrets.token_urlsafe(32)
        now = time.time()
        row = {"secret_hash": _hashed(secret), "reviewer": reviewer.number, "expires": now + SESSION_SECONDS}
        with writing(self._engine, _REVIEWERS) as connection:
            connection.execute(sa.delete(_SESSIONS).where(_SESSIONS.c.expires < now))
            standing = sa.select(_REVIEWERS.c.number).where(_REVIEWERS.c.number == reviewer.number, _STANDING)
            if connection.scalar(standing) is None:
                raise AccessError(f"{reviewer.name} may not review any more")
            connection.execute(sa.insert(_SESSIONS).values(row))
        return secret

    def session(self, secret: str) -> Reviewer | None:
        """Whose session `secret` opens; None where it has ended or never was."""
        query = (
            sa.select(_REVIEWERS, _SESSIONS.c.secret_hash)
            .join(_SESSIONS, _SESSIONS.c.reviewer == _REVIEWERS.c.number)
            .where(_SESSIONS.c.secret_hash == _hashed(secret), _SESSIONS.c.expires > time.time(), _STANDING)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return _reviewer(row) if row and secrets.compare_digest(row.secret_hash, _hashed(secret)) else None

    def close_session(self, secret: str) -> None:
        """End one session."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(_SESSIONS).where(_SESSIONS.c.secret_hash == _hashed(secret)))

    def _insert(self, name: str, role: ReviewerRole, *, token_hash: str) -> Reviewer:
        name = _checked(name)
        if role not in get_args(ReviewerRole):
            raise UnknownChoiceError("role", role, get_args(ReviewerRole))
        added = _now()
        row = {"name": name, "role": role, "token_hash": token_hash, "added": added, "revoked": ""}
        with writing(self._engine, _REVIEWERS) as connection:
            if connection.scalar(sa.select(_REVIEWERS.c.number).where(_REVIEWERS.c.name == name, _STANDING)):
                raise JaizaError(f"{name} is a reviewer already: for a new link, revoke the old one and add them again")
            number = connection.execute(sa.insert(_REVIEWERS).values(row)).inserted_primary_key[0]  # type: ignore[index]
        return Reviewer(name, role, added, number=number)


def _checked(name: str) -> str:
    """`name` as it stands in the log, without what would make two names look the same."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise JaizaError(f"{name[:40]!r} is no name for a reviewer: write 1 to {NAME_LENGTH} letters")
    if name.casefold() in RESERVED:
        raise JaizaError(f"{name!r} stands for something else in the log: take another name")
    return name


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _reviewer(row: sa.Row[Any]) -> Reviewer:
    return Reviewer(row.name, row.role, row.added, row.revoked, row.number)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
