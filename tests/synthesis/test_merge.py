"""Who wins in a cell, and what a cell says about disagreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotations.decision import Anchor, Decision
from corpus.errors import StoreError
from corpus.registry.sources import Source
from extract.document import Box, Document
from models.suggestion import DocumentSuggestions
from support.cells import document, suggestions
from support.published_matrix import CODEBOOK
from synthesis.matrix.cell import Cell
from synthesis.matrix.evidence import MACHINE_PASSAGES
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.tables import strongest


def cell(
    decisions: Sequence[Decision] = (),
    *,
    theme: str = "TI",
    proposed: DocumentSuggestions | None = None,
    document: Document | None = None,
    include_proposed: bool = False,
) -> Cell:
    cells = merge_cells(
        [Source("s", "S")],
        decisions,
        {"s": proposed} if proposed else {},
        {"s": document} if document else {},
        CODEBOOK,
        include_proposed=include_proposed,
    )
    return next(found for found in cells if found.theme == theme)


def study(theme: str, value: int, coder: str = "A", role: str = "coder", decided: str = "") -> Decision:
    return Decision("s", theme, value, coder, role=role, decided=decided)  # type: ignore[arg-type]


def passage(theme: str, value: int, coder: str = "A", key: str = "p1", note: str = "") -> Decision:
    return Decision("s", theme, value, coder, anchor=Anchor("the words", 3, key), note=note)  # type: ignore[arg-type]


PUBLISHED = study("TI", 1, "published", "published")


@pytest.mark.parametrize(
    ("decisions", "value", "basis"),
    [
        ([], None, "unknown"),
        ([PUBLISHED], 1, "published"),
        ([PUBLISHED, study("TI", 0, "A")], 0, "agreed"),
        ([PUBLISHED, study("TI", 0, "A"), study("TI", 2, "Z", "adjudicator")], 2, "adjudicated"),
        ([PUBLISHED, study("TI", 0, "A"), study("TI", 2, "B")], 1, "published"),
        ([study("TI", 0, "A"), study("TI", 2, "B")], None, "unknown"),
    ],
    ids=["nothing", "published", "one reviewer", "adjudicated", "reviewers differ", "reviewers differ, no tick"],
)
def test_adjudicated_beats_agreed_beats_published(decisions: list[Decision], value: int | None, basis: str) -> None:
    found = cell(decisions)
    assert (found.merged, found.basis) == (value, basis)


@pytest.mark.parametrize(
    ("values", "human", "disputed"),
    [((2, 2), 2, False), ((1, 2), 1, False), ((0, 0), 0, False), ((0, 1), None, True), ((0, 1, 1), None, True)],
)
def test_reviewers_agree_on_presence_and_the_lower_strength_stands(
    values: tuple[int, ...], human: int | None, disputed: bool
) -> None:
    found = cell([study("TI", value, f"coder {n}") for n, value in enumerate(values)])
    assert (found.human, found.disputed) == (human, disputed)
    assert [value for _, value in found.coders] == list(values)


@pytest.mark.parametrize(
    ("decisions", "value"),
    [
        ([passage("TI", 1), passage("TI", 2, key="p2")], 2),
        ([passage("TI", 2), study("TI", 1)], 1),
        ([passage("TI", 2), study("TI", 0)], 0),
        ([passage("TI", 0)], None),
        ([passage("TI", 0), passage("TI", 1, key="p2")], 1),
    ],
    ids=["highest passage", "study before passage", "study says absent", "rejection is no judgement", "one rejected"],
)
def test_a_coder_s_value_is_the_study_decision_else_the_highest_passage(
    decisions: list[Decision], value: int | None
) -> None:
    assert cell(decisions).human == value


@pytest.mark.parametrize(
    ("decisions", "value", "basis", "disputed"),
    [
        ([study("COV", 2)], 2, "agreed", False),
        ([study("TI", 1), study("COV", 2)], 2, "agreed", False),
        ([study("TI", 0), study("COV", 1)], 1, "agreed", False),
        ([study("COV", 0)], None, "unknown", False),
        ([study("TI", 0), study("COV", 0)], 0, "agreed", False),
        ([study("TI", 1, "A"), study("TI", 1, "B"), study("COV", 0, "Z", "adjudicator")], 1, "agreed", False),
        ([study("COV", 1, "A"), study("TI", 0, "A"), study("COV", 0, "Z", "adjudicator")], 0, "adjudicated", False),
        ([study("TI", 1, "A"), study("COV", 1, "B")], 1, "agreed", False),
        ([study("REC", 2)], None, "unknown", False),
    ],
    ids=[
        "coverage alone", "the higher", "coverage fills", "no coverage leaves targeting open", "both absent",
        "ruling on coverage leaves targeting", "ruling replaces the coder's", "present by different themes",
        "recommendations fill no cell",
    ],
)  # fmt: skip
def test_themes_fold_into_their_column(
    decisions: list[Decision], value: int | None, basis: str, disputed: bool
) -> None:
    found = cell(decisions)
    assert (found.human, found.basis, found.disputed) == (value, basis, disputed)


def test_of_two_adjudicators_the_last_in_the_log_stands_whatever_the_clock_said() -> None:
    rulings = [
        replace(study("TI", 0, "Ann", "adjudicator", decided="2026-01-01"), number=2),
        replace(study("TI", 2, "Zoe", "adjudicator", decided="2026-02-01"), number=1),
    ]
    assert cell(rulings).human == 0


@pytest.mark.parametrize(
    ("studies", "text", "machine"),
    [
        ({"TI": 1, "COV": 2}, True, 2),
        ({"TI": 0, "COV": 0}, True, None),
        ({}, True, None),
        ({"TI": 1}, False, None),
    ],
    ids=["folded", "nothing proposed", "theme not named", "no text"],
)
def test_the_machine_has_a_value_only_where_it_shows_something(
    studies: dict[str, int], text: bool, machine: int | None
) -> None:
    found = cell(proposed=suggestions(studies=studies), document=document() if text else None)
    assert found.machine == machine
    assert found.merged is None


def test_that_the_machine_read_a_text_and_showed_nothing_is_told_apart_from_that_it_read_none() -> None:
    silent = cell(proposed=suggestions(studies={"TI": 0}), document=document())
    assert (silent.machine, silent.machine_chance) == (None, 0.01)
    assert cell(proposed=suggestions(studies={"TI": 0})).machine_chance is None


def test_no_proposal_is_quoted_for_a_theme_that_people_judged_absent() -> None:
    proposed = suggestions(("p1", "TI", 0.99), studies={"TI": 2})
    assert strongest(cell(proposed=proposed, document=document())) is not None
    assert strongest(cell([study("TI", 0)], proposed=proposed, document=document())) is None


def test_a_document_without_passages_leaves_the_machine_s_value_unknown() -> None:
    assert cell(proposed=suggestions(), document=document(0)).machine is None


def test_proposals_fill_cells_nobody_judged_only_when_asked_for() -> None:
    made, text = suggestions(studies={"TI": 2}), document()
    assert cell(proposed=made, document=text).basis == "unknown"
    filled = cell(proposed=made, document=text, include_proposed=True)
    assert (filled.merged, filled.basis) == (2, "proposed")
    judged = cell([PUBLISHED], proposed=made, document=text, include_proposed=True)
    assert (judged.merged, judged.basis) == (1, "published")


@pytest.mark.parametrize(
    ("decisions", "machine", "conflict"),
    [
        ([PUBLISHED], 0, False),
        ([PUBLISHED], 2, False),
        ([PUBLISHED, study("TI", 0)], 0, False),
        ([PUBLISHED, study("TI", 0)], 1, True),
        ([], 2, False),
    ],
    ids=["tick, machine silent", "strength only", "human goes before published", "human absent", "nobody judged"],
)
def test_a_conflict_is_a_difference_on_presence(decisions: list[Decision], machine: int, conflict: bool) -> None:
    found = cell(decisions, proposed=suggestions(studies={"TI": machine}), document=document())
    assert found.conflict is conflict


def test_a_quotation_carries_page_and_boxes_of_its_passage() -> None:
    found = cell([passage("TI", 2, key="p2", note="clear")], document=document()).evidence[0]
    assert (found.by, found.quote, found.page, found.page_label) == ("A", "the words", 2, "6")
    assert found.boxes == (Box(2, 1, 2, 3, 4),)
    assert (found.heading, found.section, found.why, found.orphaned) == ("Findings", "other", ("clear",), False)


def test_a_quotation_that_is_gone_from_the_text_stays_as_orphaned() -> None:
    found = cell([passage("TI", 2, key="gone")], document=document()).evidence[0]
    assert (found.orphaned, found.page, found.boxes, found.quote) == (True, 3, (), "the words")
    assert found.section is None


def test_without_a_text_a_quotation_is_not_called_orphaned() -> None:
    assert not cell([passage("TI", 2)]).evidence[0].orphaned


def test_a_rejected_passage_is_shown_with_value_0_after_the_others() -> None:
    found = cell([passage("TI", 0, "A"), passage("TI", 1, "B", "p2")], document=document())
    assert [(item.by, item.value) for item in found.evidence] == [("B", 1), ("A", 0)]
    assert found.human == 1


def test_machine_passages_that_decided_come_first_then_by_probability() -> None:
    made = suggestions(
        ("p1", "TI", 0.9), ("p2", "COV", 0.6), ("p3", "TI", 0.95), ("p1", "REC", 0.99), studies={"TI": 1}
    )
    found = cell([passage("TI", 1)], proposed=made, document=document())
    assert [item.passage_id for item in found.evidence] == ["p1", "p2", "p3", "p1"]
    assert [item.by for item in found.evidence] == ["A", "machine", "machine", "machine"]
    assert (found.evidence[1].theme, found.machine_hits) == ("COV", 3)


def test_machine_reasons_are_readable_and_its_phrases_marked() -> None:
    found = cell(proposed=suggestions(("p1", "TI", 0.9)), document=document()).evidence[0]
    assert found.why == (
        "“exclusion errors” (rule TI.exclusion-error) speaks clearly for it, +1.4",
        "“on” speaks a little against it, −0.3",
    )
    assert found.marks == ("exclusion errors",)


def test_a_cell_carries_the_strongest_machine_passages_and_the_number_of_all() -> None:
    made = suggestions(*((f"p{n}", "TI", n / 100) for n in range(1, 31)))
    found = cell(proposed=made, document=document(30))
    assert (len(found.evidence), found.machine_hits) == (MACHINE_PASSAGES, 30)
    assert found.evidence[0].passage_id == "p30"


def test_suggestions_of_another_reading_are_refused() -> None:
    with pytest.raises(StoreError, match="another reading"):
        cell(proposed=suggestions(("p1", "TI", 0.9)), document=document(sha256="cd" * 32))


def test_a_passage_that_was_ruled_out_is_no_evidence_of_the_coder_who_coded_it() -> None:
    """Amina coded the only passage, Bilal finished the study without it, and the adjudicator held with Bilal."""
    ruled = replace(passage("TI", 0, "Z", note="only reported"), role="adjudicator")
    assert cell([passage("TI", 2, "A"), study("TI", 0, "B")]).disputed
    found = cell([passage("TI", 2, "A"), study("TI", 0, "B"), ruled])
    assert (found.human, found.disputed) == (0, False)
    assert found.coders[0] == ("A", 2)
