"""The statement of the use of machines says what the record says, and where nothing is known what to do."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import JudgedThemes
from annotations.decision import Anchor, Decision
from annotations.progress.trust import trust_in_review
from corpus.workspace import CodingSettings
from exchange.writers.word import review_docx
from support.cells import document, suggestions
from support.review_result import review
from synthesis.report.machine_statement import statement
from synthesis.report.report import render_report
from synthesis.statistics.machine_use import MachineUse, count_answers

JUDGED = [
    Decision("s01", "TI", 1, "Ayesha", anchor=Anchor("a", 1, "p1"), model_id="m-1", score=0.9, shown=True),
    Decision("s01", "CGL", 0, "Bilal", anchor=Anchor("b", 1, "p2"), model_id="m-1", score=0.7, shown=True),
    Decision("s01", "GW", 1, "Bilal", anchor=Anchor("b", 1, "p2")),
]
USED = MachineUse(
    model_id="m-1",
    aim="balanced",
    voices=("words", "small encoder"),
    encoders="all-MiniLM-L6-v2",
    passages=1200,
    documents=50,
    own=0,
    promoted_by="",
    suggestions=2,
    record=count_answers(JUDGED),
)


def _text() -> str:
    made = replace(review(), machine_use=USED)
    return "\n".join(f"{heading}: {' '.join(sentences)}" for heading, sentences in statement(made))


def test_the_statement_counts_what_people_answered() -> None:
    text = _text()
    assert "People answered 2 suggestions: 1 were accepted and 1 rejected. 2 of these answers" in text
    assert "given by Ayesha (1) and Bilal (1)" in text
    assert "1 decision on passages was made where the machine had proposed nothing of the kind" in text
    assert "none of them of this review" in text


def test_without_a_machine_the_statement_says_so() -> None:
    (part,) = statement(review())
    assert "No machine proposed themes" in part[1][0]


def test_report_and_word_carry_statement_and_trust() -> None:
    trust = trust_in_review(
        JUDGED,
        (),
        {"s01": document()},
        {"s01": suggestions(("p1", "TI", 0.9), ("p2", "CGL", 0.7), studies={})},
        assignment=Assignment(CodingSettings()),
        themes=JudgedThemes(("TI", "CGL")),
    )
    made = replace(review(), machine_use=USED, trust=trust)
    page = render_report(made, {}).decode()
    assert "What can be trusted here" in page
    assert "no passages are drawn by lot" in page
    assert "People answered 2 suggestions" in page
    word = Document(io.BytesIO(review_docx(made, {})))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "The use of machines in this review" in said
    assert "People answered 2 suggestions" in said
