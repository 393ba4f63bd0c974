"""Opening the log of a review, and making sure that it is the log of that review."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from annotations.log.database import reading, writing
from annotations.log.database_address import without_password
from annotations.log.decision_log import DecisionLog
from annotations.log.schema import EVENTS, REVIEW
from corpus.errors import WorkspaceError
from corpus.registry.registry_file import load_sources
from corpus.workspace import Workspace, keep_review_id, review_id_of


def open_log(workspace: Workspace) -> DecisionLog:
    """The decision log of the review in `workspace`; use it in a `with` block.

    WorkspaceError: the database can't be opened, or another review keeps its log there.
    """
    log = DecisionLog(workspace.database_url)
    try:
        _claim(log, workspace)
    except BaseException:
        log.close()
        raise
    return log


def upgraded_from(log: DecisionLog) -> int:
    """The format that the log had before it was upgraded to one with an order over all events; 0: made new."""
    with reading(log.engine) as connection:
        return connection.scalar(sa.select(REVIEW.c.upgraded_from).limit(1)) or 0


def _claim(log: DecisionLog, workspace: Workspace) -> None:
    """Make the log that of this review where it is nobody's; refuse it where it is another's."""
    own = review_id_of(workspace)
    with reading(log.engine) as connection:
        found = connection.execute(sa.select(REVIEW)).first()
    if found is None or not found.review_id:
        own = _name_log(log, workspace, own)
    elif not own and _looks_alike(workspace, found.title, json.loads(found.sources)):
        own = found.review_id
    elif found.review_id != own:
        raise WorkspaceError(
            f"the log in {without_password(workspace.database_url)} is that of another review, {found.title!r}; this "
            f"one is {workspace.review.title!r}. Give every review a database of its own"
        )
    if review_id_of(workspace) != own:
        keep_review_id(workspace, own)


def _name_log(log: DecisionLog, workspace: Workspace, own: str) -> str:
    """Write whose log it is; the id that stands there now, which may be that of somebody who was faster."""
    with writing(log.engine, REVIEW) as connection:
        found = connection.execute(sa.select(REVIEW)).first()
        if found is not None and found.review_id:
            return str(found.review_id)
        own = own or _first_event(connection) or uuid4().hex
        row = {
            "review_id": own,
            "title": workspace.review.title,
            "sources": json.dumps([source.id for source in load_sources(workspace)]),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if found is None:
            connection.execute(sa.insert(REVIEW).values(**row, upgraded_from=0))
        else:
            connection.execute(sa.update(REVIEW).values(**row))
    return own


def _first_event(connection: sa.Connection) -> str:
    """An id from the first event of a log that was made before reviews had ids: its copies have the same."""
    found = connection.scalar(sa.select(EVENTS.c.event_id).order_by(EVENTS.c.seq).limit(1))
    return found[:32] if found else ""


def _looks_alike(workspace: Workspace, title: str, sources: list[str]) -> bool:
    """Whether a workspace that has not yet met its log may be the review of that title and those sources."""
    own = {source.id for source in load_sources(workspace)}
    return title == workspace.review.title and (not own or not sources or not own.isdisjoint(sources))
