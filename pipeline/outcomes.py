"""What happened to the sources when they were last pulled, kept for stages that run by themselves later."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from corpus.errors import StoreError
from corpus.outcome import Outcome
from corpus.workspace import Workspace, write_atomic

_OUTCOMES = "outcomes.json"
_OUTCOME_LIST: TypeAdapter[list[Outcome]] = TypeAdapter(list[Outcome])


def save_outcomes(workspace: Workspace, outcomes: Sequence[Outcome]) -> None:
    """Keep what happened to the sources, for stages that run by themselves later."""
    known = {outcome.source_id: outcome for outcome in load_outcomes(workspace)}
    known |= {outcome.source_id: outcome for outcome in outcomes}
    path = workspace.root / _OUTCOMES
    content = _OUTCOME_LIST.dump_json([known[key] for key in sorted(known)], indent=2) + b"\n"
    if not path.exists() or path.read_bytes() != content:
        write_atomic(path, content)


def load_outcomes(workspace: Workspace) -> list[Outcome]:
    """What happened to the sources when they were last pulled."""
    path = workspace.root / _OUTCOMES
    if not path.exists():
        return []
    try:
        return _OUTCOME_LIST.validate_json(path.read_bytes())
    except ValidationError:
        raise StoreError(f"{path} is damaged: delete it and run `jaiza pull`") from None
