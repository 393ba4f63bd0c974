"""Reviewers: secrets are stored as hashes, can be revoked at once, and guessing is slowed down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from annotations.log import reviewers as module
from annotations.log.decision_log import DecisionLog
from annotations.log.reviewers import ATTEMPTS, Reviewer, Reviewers
from corpus.errors import AccessError, JaizaError, UnknownChoiceError


@pytest.fixture
def log(database_url: str) -> Iterator[DecisionLog]:
    opened = DecisionLog(database_url)
    yield opened
    opened.close()


@pytest.fixture
def reviewers(log: DecisionLog) -> Reviewers:
    return Reviewers(log.engine)


def test_an_invitation_opens_a_session_that_says_whose_it_is(reviewers: Reviewers) -> None:
    _, token = reviewers.add("Amina Khan", "adjudicator")
    amina = reviewers.verify_invitation(token)
    assert (amina.name, amina.role) == ("Amina Khan", "adjudicator")
    secret = reviewers.open_session(amina)
    assert secret != token
    assert reviewers.session(secret) == amina
    assert reviewers.session(token) is None


def test_no_secret_is_in_the_database(log: DecisionLog, reviewers: Reviewers) -> None:
    amina, token = reviewers.add("Amina")
    secret = reviewers.open_session(amina)
    with log.engine.connect() as connection:
        tables = [connection.execute(sa.text(f"SELECT * FROM {name}")).all() for name in ("reviewers", "sessions")]
    assert all(len(rows) == 1 for rows in tables)
    assert not any(known in str(rows) for rows in tables for known in (token, secret))


def test_revoking_ends_the_invitation_and_every_session_at_once(reviewers: Reviewers) -> None:
    amina, token = reviewers.add("Amina")
    bilal, _ = reviewers.add("Bilal")
    secrets = [reviewers.open_session(one) for one in (amina, amina, bilal)]
    reviewers.revoke("Amina")
    assert [reviewers.session(secret) for secret in secrets] == [None, None, bilal]
    with pytest.raises(AccessError, match="not valid, or was revoked"):
        reviewers.verify_invitation(token)
    with pytest.raises(AccessError, match="Amina may not review any more"):
        reviewers.open_session(amina)
    assert [bool(one.revoked) for one in reviewers.list()] == [True, False]


def test_who_was_revoked_can_be_invited_again_and_the_old_link_stays_dead(reviewers: Reviewers) -> None:
    _, old = reviewers.add("Amina")
    reviewers.revoke("Amina")
    _, new = reviewers.add("Amina")
    assert reviewers.verify_invitation(new).name == "Amina"
    with pytest.raises(AccessError):
        reviewers.verify_invitation(old)


def test_a_session_ends_by_itself_and_by_leaving(reviewers: Reviewers, monkeypatch: pytest.MonkeyPatch) -> None:
    amina, _ = reviewers.add("Amina")
    left, kept = reviewers.open_session(amina), reviewers.open_session(amina)
    reviewers.close_session(left)
    assert [reviewers.session(left), reviewers.session(kept)] == [None, amina]
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + module.SESSION_SECONDS + 1)
    assert reviewers.session(kept) is None


def test_guessing_is_slowed_down_for_the_one_who_guesses(reviewers: Reviewers, monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = reviewers.add("Amina")
    for _ in range(ATTEMPTS):
        with pytest.raises(AccessError, match="not valid"):
            reviewers.verify_invitation("guess", client="10.0.0.9")
    with pytest.raises(AccessError, match=r"too many wrong links from here: try again in \d+ minutes"):
        reviewers.verify_invitation(token, client="10.0.0.9")
    assert reviewers.verify_invitation(token, client="10.0.0.1").name == "Amina"
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + module.ATTEMPT_SECONDS + 1)
    assert reviewers.verify_invitation(token, client="10.0.0.9").name == "Amina"


@pytest.mark.parametrize("token", ["", "x" * 5000, "'; DROP TABLE reviewers; --", "\ud800", "\x00"])
def test_strange_tokens_are_only_wrong(reviewers: Reviewers, token: str) -> None:
    reviewers.ensure("owner", "admin")  # has no token at all
    with pytest.raises(AccessError, match="not valid"):
        reviewers.verify_invitation(token)
    assert reviewers.session(token) is None


def test_the_owner_of_the_machine_is_made_once_and_an_invited_one_keeps_their_role(reviewers: Reviewers) -> None:
    owner = reviewers.ensure("owner", "admin")
    reviewers.add("Amina")
    assert reviewers.ensure("owner", "admin") == owner
    assert reviewers.ensure("Amina", "admin").role == "coder"
    assert len(reviewers.list()) == 2


@pytest.mark.parametrize("name", ["", "  ", "published", "Machine", "a" * 101, "Amina\x1b[31m", "a\u202eb"])
def test_names_that_would_mislead_are_refused(reviewers: Reviewers, name: str) -> None:
    with pytest.raises(JaizaError):
        reviewers.add(name)
    assert reviewers.list() == ()


def test_two_reviewers_of_one_name_are_refused_however_it_is_spaced(reviewers: Reviewers) -> None:
    reviewers.add("Amina Khan")
    with pytest.raises(JaizaError, match="Amina Khan is a reviewer already: for a new link, revoke"):
        reviewers.add(" Amina   Khan ")


def test_revoking_somebody_unknown_names_those_there_are(reviewers: Reviewers) -> None:
    reviewers.add("Amina")
    with pytest.raises(UnknownChoiceError, match=r"no reviewer 'Anima': did you mean 'Amina'\?"):
        reviewers.revoke("Anima")


def test_a_forged_reviewer_gets_no_session(reviewers: Reviewers) -> None:
    with pytest.raises(AccessError):
        reviewers.open_session(Reviewer("Amina", "admin", number=7))
