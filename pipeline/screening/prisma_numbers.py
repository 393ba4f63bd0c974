"""The numbers of the flow of records through a review, counted from what is stored."""

from __future__ import annotations

from annotations.log.open_log import open_log
from annotations.screening.flow import ScreeningFlow, screening_flow
from corpus.outcome import USABLE
from corpus.registry.intake_record import identified
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from pipeline.outcomes import load_outcomes
from pipeline.screening.screening_state import ScreeningState, read_screening


def read_flow(workspace: Workspace) -> ScreeningFlow | None:
    """The flow as it stands; None where nobody has screened anything."""
    with open_log(workspace) as log:
        if not log.screened():
            return None
        return flow_of(workspace, read_screening(workspace, log))


def flow_of(workspace: Workspace, state: ScreeningState) -> ScreeningFlow:
    """The flow of a state of screening."""
    held = {one.source_id for one in Holdings(workspace)}
    pulled = {one.source_id for one in load_outcomes(workspace) if one.state in USABLE}
    origins, known = identified(workspace, len(state.sources) + state.editions)
    return screening_flow(
        state.abstracts,
        state.full_texts,
        retrieved=held | pulled,
        identified=origins,
        duplicates=known + state.editions,
    )
