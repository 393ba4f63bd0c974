"""Prefect is told of every new decision of a person once, and of none while its server does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.decision import PUBLISHED, Decision, Role
from annotations.log.decision_log import DecisionLog
from cli.main import jaiza
from corpus.workspace import Workspace
from flows import decision_events
from flows.decision_events import tell_decisions
from support.small_review import review_of

Step = Callable[[], None]
Tell = Callable[[Sequence[Step]], list[str]]


@pytest.fixture
def review(tmp_path: Path) -> Workspace:
    return review_of(tmp_path / "mine", {"doc-0": b"%PDF-1.4"})


@pytest.fixture
def answering() -> list[bool]:
    """Whether the server answers: the last entry counts."""
    return [True]


@pytest.fixture
def tell(review: Workspace, answering: list[bool], monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Looks at the log at first and after each step; gives what every event was about."""
    events: list[str] = []

    def told(name: str, resource: dict[str, str]) -> None:
        events.append(f"{name} {resource['prefect.resource.id']}")

    async def answers() -> bool:
        return answering[-1]

    def run(steps: Sequence[Step]) -> list[str]:
        left = list(steps)

        async def sleep(_seconds: float) -> None:
            if not left:
                raise asyncio.CancelledError
            left.pop(0)()

        with monkeypatch.context() as patched:
            patched.setattr(decision_events, "emit_event", told)
            patched.setattr(decision_events, "_answers", answers)
            patched.setattr(decision_events, "_pause", sleep)
            with pytest.raises(asyncio.CancelledError):
                asyncio.run(tell_decisions(review, None))
        return events

    return run


def decide(review: Workspace, *themes: str, coder: str = "amina", role: Role = "coder") -> None:
    log = DecisionLog(review.database_url)
    log.record([Decision("doc-0", theme, 1, coder, role) for theme in themes])
    log.close()


def test_every_decision_of_a_person_is_told_once_and_those_of_before_and_the_published_ones_never(
    review: Workspace, tell: Tell
) -> None:
    decide(review, "GW")
    decide(review, "TI", coder=PUBLISHED, role="published")
    new = [
        lambda: decide(review, "TI", "FS"),
        lambda: None,
        lambda: decide(review, "IF", coder=PUBLISHED, role="published"),
    ]
    event = f"jaiza.decision jaiza.review.{review.root}"
    assert tell(new) == [event] * 2
    assert tell([]) == [event] * 2, "another start tells none of them again"


def test_what_was_decided_while_the_server_was_silent_is_told_when_it_answers(
    review: Workspace, tell: Tell, answering: list[bool], capsys: pytest.CaptureFixture[str]
) -> None:
    tell([])
    silence = [lambda: answering.append(False), lambda: decide(review, "TI"), lambda: decide(review, "FS")]
    assert tell(silence) == []
    assert capsys.readouterr().err.count("does not answer") == 1
    answering.append(True)
    assert len(tell([])) == 2


def test_events_only_wants_to_know_whom_to_tell(review: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    result = CliRunner().invoke(jaiza, ["-w", str(review.root), "serve", "--events-only"])
    assert result.exit_code == 2
    assert "PREFECT_API_URL" in result.stderr
