"""Reading a file of claims: what it holds, which file counts, and how mistakes in it are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.workspace import open_workspace
from support.published_matrix import CODEBOOK
from synthesis.audit.claims import SHIPPED, load_claims, read_claims

GOOD = """
work = "Another paper"
studies = 10
[[claim]]
id = "A"
where = "abstract"
kind = "frequency"
theme = "GW"
count = 4
quote = "four of ten"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_has_the_43_claims_of_the_paper() -> None:
    claims = read_claims(SHIPPED, CODEBOOK)
    assert [claim.id for claim in claims] == [f"C{number:02d}" for number in range(1, 44)]
    assert claims.studies == 25


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('theme = "GW"', 'theme = "XX"', "claim 'A': unknown theme 'XX'. The codebook has GW, IF"),
        ('theme = "GW"', 'theme = "COV"', "COV is not a column of the matrix"),
        ("count = 4", "", "needs the key count or percent"),
        ("count = 4", 'count = "four"', "claim 'A': count: "),
        ('kind = "frequency"', 'kind = "guess"', "claim 'A': kind: "),
        ("count = 4", "cuont = 4", "unknown key 'cuont'"),
        ("studies = 10", "studies = 0", "studies: must be 1 or more"),
        ("count = 4", 'count = 4\nsame_list_as = "Z"', "same_list_as names no claim: 'Z'"),
        ("[[claim]]", "[[claim", "not valid TOML"),
        (
            "studies = 10",
            'studies = 10\n[[claim]]\nid = "A"\nwhere = ""\nkind = "scale"\ncount = 2\nquote = ""',
            "twice",
        ),
    ],
)
def test_a_mistake_in_a_claims_file_is_told_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(DataFileError) as caught:
        read_claims(path, CODEBOOK)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_review_of_its_own_sources_has_no_claims_unless_it_brings_them(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text("shipped_sources = false\n")
    workspace = open_workspace(tmp_path)
    assert load_claims(workspace, CODEBOOK) is None
    write(tmp_path, GOOD)
    claims = load_claims(workspace, CODEBOOK)
    assert claims is not None
    assert claims.work == "Another paper"


def test_the_shipped_review_is_audited_with_the_shipped_claims(tmp_path: Path) -> None:
    claims = load_claims(open_workspace(tmp_path), CODEBOOK)
    assert claims is not None
    assert len(list(claims)) == 43


SMALL = """
[thresholds]
most = ">50"
"Nearly all" = "at least 90 %"
[[claim]]
theme = "GW"
percent = 84
[[claim]]
theme = "TI"
rank = 1
[[claim]]
theme = "IF"
word = "Most"
[[claim]]
theme = "IF"
word = "nearly all"
[[claim]]
theme = "FS"
word = "many"
[[claim]]
count = 25
[[claim]]
from_year = 2005
to_year = 2024
"""


def test_a_small_file_needs_only_what_each_claim_says(tmp_path: Path) -> None:
    claims = read_claims(write(tmp_path, SMALL), CODEBOOK)
    assert [claim.kind for claim in claims] == [
        "frequency", "rank", "quantifier", "quantifier", "vague quantifier", "sample", "window",
    ]  # fmt: skip
    assert [claim.id for claim in claims][:2] == ["claim 1", "claim 2"]
    assert claims.studies == 0
    assert [str(claims.threshold(claim)) for claim in claims][2:5] == ["more than 50%", "at least 90%", "None"]


def test_claims_may_be_rows_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("\ufefftheme,count,percent,rank,quote\r\nGW,21,84,,in 21 studies\r\nTI,,,1,\r\n", encoding="utf-8")
    first, second = read_claims(path, CODEBOOK)
    assert (first.kind, first.theme, first.count, first.percent) == ("frequency", "GW", 21, 84)
    assert (second.kind, second.rank) == ("rank", 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("theme,count\nXX,3\n", "claim 'claim 1': unknown theme 'XX'. The codebook has GW"),
        ("theme,cuont\nGW,3\n", "unknown key 'cuont'"),
        ("theme,count\nGW,three\n", "count: must be a whole number"),
        ("theme,count\nGW,3,4\n", "row 2: has more values than the header has columns"),
    ],
)
def test_a_mistake_in_a_spreadsheet_of_claims_is_told_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_claims(path, CODEBOOK)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_threshold_that_is_no_share_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="thresholds: 'most': 'half' is no share"):
        read_claims(write(tmp_path, SMALL.replace('">50"', '"half"')), CODEBOOK)
