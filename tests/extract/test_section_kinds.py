from __future__ import annotations

from pathlib import Path

import pytest

from extract.document import SectionKind
from extract.text import section_kinds
from extract.text.section_kinds import find_pattern, is_known_heading, section_kind, section_wording
from extract.text.sections import Cover, Sections


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("1. Introduction", "introduction"),
        ("I. BACKGROUND", "introduction"),
        ("Executive Summary", "abstract"),
        ("ABSTRACT", "abstract"),
        ("Overview", "abstract"),
        ("1 Overview", "introduction"),
        ("2 Review of Literature", "literature"),
        ("Theoretical framework", "literature"),
        ("3. Data and Methodology", "methods"),
        ("2.2 Sampling Design", "methods"),
        ("4.1 Main results", "findings"),
        ("Results and Discussion", "discussion"),
        ("Chapter 6: Conclusions and recommendations", "conclusion"),
        ("The Way Forward", "conclusion"),
        ("5 Policy implications", "recommendations"),
        ("Policy Recommendations", "recommendations"),
        ("R E F E R E N C E S", "references"),
        ("Bibliography", "references"),
        ("Annex A: Sampling errors", "annex"),
        ("Appendix", "annex"),
        ("Acknowledgements", "front"),
        ("List of tables", "front"),
        ("Survey Objectives", "introduction"),
        ("1.2 Aims and objectives of the study", "introduction"),
        ("Scope of the Survey", "introduction"),
        ("Concept and Definition", "methods"),
        ("Geographical Coverage", "methods"),
        ("Limitations to comparability", "methods"),
        ("Background and context", "introduction"),
        ("The policy context", "introduction"),
        ("Why this matters", "introduction"),
        ("About this report", "introduction"),
        ("Data and approach", "methods"),
        ("Our approach", "methods"),
        ("How the survey was conducted", "methods"),
        ("Chapter Three: Methodology", "methods"),
        ("About the data", "methods"),
        ("What is already known", "literature"),
        ("What the literature tells us", "literature"),
        ("Lessons from other countries", "literature"),
        ("International experience", "literature"),
        ("4. What we found", "findings"),
        ("What the survey shows", "findings"),
        ("What works", "findings"),
        ("What this means for the poor", "discussion"),
        ("Limitations", "discussion"),
        ("Policy options", "recommendations"),
        ("Priorities for reform", "recommendations"),
        ("What should be done?", "recommendations"),
        ("What governments can do", "recommendations"),
        ("PART IV: RECOMMENDED ACTIONS", "recommendations"),
        ("Way forward", "conclusion"),
        ("The road ahead", "conclusion"),
        ("Looking ahead", "conclusion"),
        ("Key takeaways", "abstract"),
        ("The reform at a glance", "abstract"),
        ("Further reading", "references"),
        ("Notes and references", "references"),
        ("Supplementary information", "annex"),
        ("The Sustainable Development Goals", "other"),
        ("What the ministry pays", "other"),
        ("Approach roads and bridges", "other"),
        ("Other countries of the region", "other"),
        ("Work done in 2019", "other"),
        ("The challenge of ageing", "other"),
        ("Programme objectives and who sets them", "other"),
        ("Social protection in Pakistan", "other"),
        ("Resulting gaps", "other"),
        ("", "other"),
        ("7. Limitations of this review", "discussion"),
        ("Strengths and limitations", "discussion"),
        ("Limits of our data", "discussion"),
        ("Recommendation 2: Improve data sources", "recommendations"),
        ("8.3 Data and reporting recommendations", "recommendations"),
        ("Recommendations for the provinces", "recommendations"),
        ("Results-based financing", "other"),
        ("Evidence-based policy", "other"),
        ("Focus group discussions", "methods"),
        ("References and links", "references"),
        ("Notes", "references"),
        ("Sources", "references"),
        ("r e f e r e n c e s", "references"),
        ("r e f e r e n c e s a n d n o t e s", "references"),
        ("Suggested citation", "front"),
        ("Evidence from around the world", "literature"),
    ],
)
def test_headings_tell_their_section(heading: str, kind: str) -> None:
    assert section_kind(heading) == kind


def _kinds(headings: list[tuple[str, int]]) -> list[str]:
    sections = Sections()
    return [sections.enter(heading, level).kind for heading, level in headings]


def test_a_subheading_keeps_the_kind_of_its_section_until_the_next_section() -> None:
    headings = [("4 Results", 1), ("4.1 Zakat", 2), ("4.2 Pensions", 2), ("5 Kerala", 1), ("References", 1)]
    assert _kinds(headings) == ["findings", "findings", "findings", "other", "references"]


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        ([("Abstract", 1), ("1. The scheme", 2), ("2. Its costs", 2)], ["abstract", "other", "other"]),
        ([("Abstract", 1), ("The scheme", 2)], ["abstract", "other"]),
        ([("Recommendations", 1), ("1. Pay on time", 2), ("2. One list", 2)], ["recommendations"] * 3),
        ([("3 Findings", 2), ("Who is left out", 3), ("4 Costs", 2)], ["findings", "findings", "other"]),
        ([("8. Recommendations", 1), ("8.3 Registers", 4), ("School meals", 3)], ["recommendations"] * 2 + ["other"]),
        (
            [("Chapter 3: Findings", 1), ("1. Cash", 2), ("2. Food", 2), ("Chapter 4: Law", 1)],
            ["findings"] * 3 + ["other"],
        ),
        ([("Findings", 1), ("4.1 Coverage", 2), ("4.2 Costs", 2), ("5.1 Law", 2)], ["findings"] * 3 + ["other"]),
        ([("Summary", 1), ("Introduction", 2), ("The scheme", 2)], ["abstract", "introduction", "other"]),
        ([("2 Results", 3), ("2.1 Coverage", 1), ("3 Law", 3)], ["findings", "findings", "other"]),
        ([("6. Findings", 1), ("6-1. Cities", 2), ("6- 2. Villages", 2), ("7. Law", 1)], [*["findings"] * 3, "other"]),
        ([("1.0 Origin", 1), ("2.0 Results", 1), ("3.0 Law", 1)], ["other", "findings", "other"]),
    ],
)
def test_a_kind_ends_with_the_next_heading_that_is_no_part_of_it(
    headings: list[tuple[str, int]], kinds: list[str]
) -> None:
    assert _kinds(headings) == kinds


@pytest.mark.parametrize(
    ("heading", "cover", "kind"),
    [
        ("Origin, Performance, and Reform Options", "page", "other"),
        ("Findings and recommendations", "page", "other"),
        ("Contents", "page", "front"),
        ("Evidence from five provinces", "title", "other"),
        ("Executive Summary", "title", "abstract"),
        ("1. Introduction", "title", "introduction"),
    ],
)
def test_titles_on_the_cover_open_no_section(heading: str, cover: Cover, kind: str) -> None:
    assert Sections().enter(heading, 1, cover=cover).kind == kind


def test_a_section_says_why_it_has_its_kind() -> None:
    sections = Sections()
    assert sections.now.rule == "before the first heading"
    assert sections.enter("4 Results", 1).rule == "its words: results?"
    assert sections.enter("4.1 Zakat", 2).rule == "part of “4 Results”, by its number ← its words: results?"
    why = "part of “4.1 Zakat”, by its type ← part of “4 Results”, by its number ← its words: results?"
    assert sections.enter("Old people", 3).rule == why
    assert "no kind" in sections.enter("5 Kerala", 1).rule


def test_words_that_name_columns_too_need_type_that_sets_them_apart() -> None:
    assert not is_known_heading("Notes")
    assert section_wording("Notes").styled
    assert is_known_heading("r e f e r e n c e s")
    assert is_known_heading("References")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("4 Results", "findings"),
        ("Notes to chapters", "references"),
        ("Data and reporting recommendations", "recommendations"),
    ],
)
def test_a_pattern_is_found_again_on_its_line(heading: str, kind: SectionKind) -> None:
    pattern = section_wording(heading).pattern
    lines = Path(section_kinds.__file__).with_suffix(".toml").read_text(encoding="utf-8").splitlines()
    line = find_pattern(pattern, kind)
    assert pattern.replace("\\", "\\\\") in lines[line - 1]
    assert [one for one in lines[:line] if one.startswith("kind")][-1] == f'kind = "{kind}"'
    assert find_pattern("no such pattern") == 0
