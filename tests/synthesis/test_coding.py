"""Coded passages: who accepted what, the codes under it, and how much of a text was looked at."""

from __future__ import annotations

from dataclasses import replace

from annotations.decision import Anchor, Decision, Mark
from support.cells import document, suggestions
from synthesis.matrix.coding import accepted, codings_table, proposed
from synthesis.patterns.section_coverage import coverage

DOCUMENTS = {"s": document(4)}
PROPOSALS = {"s": suggestions(("p1", "TI", 0.9), ("p2", "TI", 0.7))}


def judged(value: int, coder: str = "A", key: str = "p1", role: str = "coder", theme: str = "TI") -> Decision:
    return Decision("s", theme, value, coder, role=role, anchor=Anchor("the words", 3, key))  # type: ignore[arg-type]


def test_two_coders_who_accept_a_passage_share_a_coding() -> None:
    (coding,) = accepted([judged(2), judged(1, "B")], DOCUMENTS, PROPOSALS)
    assert (coding.coders, coding.value, coding.standing) == (("A", "B"), 1, "accepted")
    assert (coding.quote, coding.text, coding.page) == ("the words", "Sentence 1 on exclusion errors.", 1)
    assert (coding.codes, coding.score) == (("TI.exclusion-error",), 0.9)


def test_a_rejected_passage_is_no_coding_and_an_adjudicator_has_the_last_word() -> None:
    assert accepted([judged(0)], DOCUMENTS, {}) == ()
    assert accepted([judged(2), judged(0, "Z", role="adjudicator")], DOCUMENTS, {}) == ()
    (coding,) = accepted([judged(1), judged(0, "B"), judged(2, "Z", role="adjudicator")], DOCUMENTS, {})
    assert (coding.value, coding.coders) == (2, ("Z",))


def test_an_orphaned_quote_keeps_its_words() -> None:
    (coding,) = accepted([judged(1, key="")], DOCUMENTS, PROPOSALS)
    assert (coding.text, coding.page, coding.passage_id, coding.codes) == ("the words", 3, "", ())


def test_a_judgement_on_the_study_is_no_coding() -> None:
    assert accepted([Decision("s", "TI", 2, "A")], DOCUMENTS, {}) == ()


def test_proposals_are_codings_of_nobody() -> None:
    found = proposed(DOCUMENTS, PROPOSALS)
    assert [(coding.passage_id, coding.coders, coding.standing) for coding in found] == [
        ("p1", (), "proposed"), ("p2", (), "proposed"),
    ]  # fmt: skip
    table = codings_table(found, {"s": "S"})
    assert table["codes"].to_list() == ["TI.exclusion-error"] * 2
    assert table["coders"].to_list() == ["", ""]


def sections(*kinds: str) -> dict[str, object]:
    passages = tuple(
        replace(passage, section=kind, text="One sentence. Two sentences.")
        for passage, kind in zip(DOCUMENTS["s"].passages, kinds, strict=True)
    )
    return {"s": replace(DOCUMENTS["s"], passages=passages)}


FINDINGS = sections("introduction", "findings", "discussion", "methods")


def test_only_findings_and_discussion_are_coded_line_by_line() -> None:
    (found,) = coverage(FINDINGS, [judged(1, key="p1"), judged(1, key="p2")], [], {"s": {"p3"}})  # type: ignore[arg-type]
    assert (found.sentences, found.seen, found.coded, found.proposed, found.sections) == (4, 2, 2, 2, True)


def test_a_passage_that_was_looked_at_counts_as_seen_and_a_finished_study_wholly() -> None:
    looked = Mark("s", "seen", "A", anchor=Anchor("x", 1, "p3"))
    (found,) = coverage(FINDINGS, [judged(0, key="p2")], [looked], {})  # type: ignore[arg-type]
    assert (found.seen, found.coded, found.coded_share) == (4, 0, 0.0)
    (found,) = coverage(FINDINGS, [judged(1, key="p2")], [Mark("s", "done", "A")], {})  # type: ignore[arg-type]
    assert (found.seen, found.coded, found.seen_share, found.coded_share) == (4, 2, 1.0, 0.5)


def test_what_was_judged_passed_over_and_shown_to_nobody_is_counted_apart() -> None:
    passed = Mark("s", "passed over", "A", anchor=Anchor("x", 1, "p3"))
    (found,) = coverage(FINDINGS, [judged(1, key="p2")], [passed], {})  # type: ignore[arg-type]
    assert (found.judged, found.passed_over, found.unrecorded, found.not_shown) == (2, 2, 0, 0)
    done = Mark("s", "done", "A", covers=("p1", "p2", "p3", "p4"), not_shown=("p3",))
    (found,) = coverage(FINDINGS, [judged(1, key="p2")], [done], {})  # type: ignore[arg-type]
    assert (found.judged, found.passed_over, found.unrecorded, found.not_shown) == (2, 0, 0, 2)
    (found,) = coverage(FINDINGS, [judged(1, key="p2")], [Mark("s", "done", "A")], {})  # type: ignore[arg-type]
    assert (found.judged, found.passed_over, found.unrecorded, found.not_shown) == (2, 0, 2, 0)


def test_a_mark_taken_back_counts_no_more() -> None:
    marks = [Mark("s", "done", "A", on=False), Mark("s", "seen", "A", anchor=Anchor("x", 1, "p3"), on=False)]
    (found,) = coverage(FINDINGS, [], marks, {})  # type: ignore[arg-type]
    assert (found.seen, found.coded_share) == (0, None)


def test_a_text_without_such_sections_counts_wholly_and_says_so() -> None:
    (found,) = coverage(sections("other", "other", "methods", "conclusion"), [], [], {})  # type: ignore[arg-type]
    assert (found.sentences, found.sections) == (8, False)
    assert found.remark == "no findings or discussion by its headings: the whole text"


def test_a_text_with_next_to_none_of_such_sections_counts_wholly_and_says_so() -> None:
    text = "One sentence. Two sentences. " * 20
    documents = sections("findings", "other", "methods", "conclusion")
    first, *rest = documents["s"].passages  # type: ignore[attr-defined]
    passages = (first, *(replace(passage, text=text) for passage in rest))
    (found,) = coverage({"s": replace(documents["s"], passages=passages)}, [], [], {})  # type: ignore[type-var]
    assert (found.sentences, found.sections, found.shown) == (122, False, 2)
    assert found.remark == "next to no findings or discussion by its headings (2 sentences): the whole text"
