from __future__ import annotations

import pytest

from extract.text.prose import ends_sentence
from extract.text.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "The cap is Rs. 500 a month.|It was set in 2003.",
        "Khan et al. (2010) found leakage.|Others did not.",
        "Dr. A. B. Malik chaired it.|The board met twice.",
        "See Fig. 3 and Table 2.1.|Both show a decline.",
        "Act No. 12 of 1976 set up the fund, cf. p. 14 of the report.|It was amended.",
        "Some schemes, e.g. Zakat, i.e. alms, overlap.|Most do not.",
        "Growth was 4.5 percent vs. 3.2 percent before.|Prices rose.",
        "The U.S. Agency paid for it in the U.S.|The donors left.",
        "Who is left out?|Nobody knows!|That is the finding.",
        "It failed.3|Two reasons stand out.",
        "It failed. 3|Two reasons stand out.",
        "It was set in 2003. 12|The board met.",
        "It ended in 2003.|15 percent stayed.",
        "See Vol. II of the report and Art. XII of the act, Art. V too.|It was amended.",
        "The answer was no.|I think so.",
        "He called it “a lottery.”|Others agreed.",
        "1. The register is old.|2. The budget is small.",
        "The programme covers health, etc. and education.|It ends in June.",
        "It reached 40 percent of the poor.|15 percent of them are women.",
        "Rates fell (see Sect. 4).|They rose again in Jan. 2012.",
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str) -> None:
    whole = text.replace("|", " ")
    assert [whole[start:end] for start, end in sentences(whole)] == text.split("|")


def test_nothing_but_white_space_is_left_out() -> None:
    text = "  First one.   Second one? (Third one.) And the rest"
    kept = [text[start:end] for start, end in sentences(text)]
    assert "".join(kept).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("on the list.", True),
        ("“on the list.”", True),
        ("on the list.12", True),
        ("fell in 2018.4", True),
        ("(see Figure 3.2).", True),
        ("had risen to US$205.11", False),
        ("Economic activity 7.4", False),
        ("on the", False),
    ],
)
def test_a_line_ends_a_sentence_at_a_stop_but_not_at_a_decimal(text: str, ends: bool) -> None:
    assert ends_sentence(text) == ends
