from __future__ import annotations

import pytest

from extract.text.section_kinds import Sections, section_kind


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
    ],
)
def test_headings_tell_their_section(heading: str, kind: str) -> None:
    assert section_kind(heading) == kind


def test_a_subheading_keeps_the_kind_of_its_section_until_the_next_section() -> None:
    sections, kinds = Sections(), []
    for heading, level in [("4 Results", 1), ("4.1 Zakat", 2), ("4.2 Pensions", 2), ("5 Kerala", 1), ("References", 1)]:
        sections.enter(heading, level)
        kinds.append(sections.kind)
    assert kinds == ["findings", "findings", "findings", "other", "references"]
