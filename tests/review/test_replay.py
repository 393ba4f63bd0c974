"""Random acts of several coders on the page, with random clocks: the log replayed gives the same state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.decision import Decision, place
from review.review_state import ReviewState
from support.review_page import STUDIES, Browser, Served

KHAN, NOOR = STUDIES
CODERS = ("amina", "bilal", "chen")
# Browsers of machines whose clocks are years apart, and go backwards.
CLOCKS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S.%f}+00:00")
KINDS = ("value", "value", "add", "unsure", "skip", "seen", "undo", "undo", "done", "reopen", "passed", "code", "study")
ACTS = st.tuples(
    st.sampled_from(CODERS), st.sampled_from(KINDS), st.sampled_from(STUDIES), st.integers(0, 3),
    st.sampled_from(["GW", "FS"]), st.sampled_from([0, 1, 2]), CLOCKS,
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(Path(tmp_path_factory.mktemp("replay")))
    yield made
    made.log.close()


@pytest.fixture(scope="module")
def browsers(served: Served) -> dict[str, Browser]:
    return {coder: served.browser(coder, "admin" if coder == "amina" else "coder") for coder in CODERS}


def _given(kind: str, passage: str, theme: str, value: int) -> dict[str, Any]:
    positive = max(1, value)
    return {
        "value": {"value": value},
        "add": {"to": theme, "value": positive},
        "code": {"view": "document", "codes": [{"to": theme, "value": positive}]},
        "passed": {"view": "document", "passages": [passage]},
        "study": {"view": "form", "value": value, "note": "so it is"},
    }.get(kind, {})


def _state(state: ReviewState) -> dict[str, object]:
    """All that counts, what each coder would undo next, and what was ever decided."""
    return {
        "decisions": {(who, place(d)): d.value for (who, _), own in state._own.items() for d in own.decisions},
        "marks": {(who, study, key) for (who, study), own in state._own.items() for key in own.marks},
        "done": {(coder, study): state.own(coder, study).done for coder in CODERS for study in STUDIES},
        "undo": {coder: last.act_id if (last := state.acts.last(coder)) else "" for coder in CODERS},
        "history": {study: [d.event_id for d in state.history(study)] for study in STUDIES},
    }


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=6, max_size=14))
def test_the_page_after_any_acts_is_what_the_log_gives_when_it_is_replayed(
    served: Served, browsers: dict[str, Browser], acts: list[Any]
) -> None:
    for coder, kind, study, number, theme, value, clock in acts:
        passage = served.passage(number, study)
        given_ = _given(kind, passage, theme, value)
        answer = browsers[coder].act(kind, study, passage, theme, key=clock, sure=True, **given_)
        assert answer.status_code == 200, answer.text
    live = served.context.review_state
    replayed = ReviewState(served.review_items, served.log)
    assert _state(replayed) == _state(live)
    current = {(d.coder, place(d)): d.value for d in served.log.current()}
    assert _state(live)["decisions"] == current


def test_of_two_acts_the_later_in_the_log_counts_whatever_the_clocks_say(tmp_path: Path) -> None:
    served = Served(tmp_path)
    bilal = served.browser("bilal", "coder")
    for year, value in (("2025", 2), ("2021", 1)):
        key = f"{year}-03-01T00:00:00.000001+00:00"
        bilal.act("value", NOOR, served.passage(3, NOOR), "FS", value=value, key=key)
    (found,) = served.log.current()
    assert found.value == 1
    own = served.context.review_state.own("bilal", NOOR).by_passage[served.passage(3, NOOR)].values()
    assert [d.value for d in own if isinstance(d, Decision)] == [1]
    served.log.close()
