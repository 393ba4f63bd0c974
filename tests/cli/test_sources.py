"""`jaiza sources`: a living registry, as one types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from reportlab.pdfgen.canvas import Canvas

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from cli.main import jaiza

Jaiza = Callable[..., Result]
RIS = """TY  - RPRT
AU  - Tollander, Ines
TI  - Grain Vouchers and the Reform of Village Relief in Arvenia
PY  - 2014
ER  -

TY  - JOUR
AU  - Tollander, Ines
TI  - Grain vouchers and the reform of village relief in Arvenia
PY  - 2016
ER  -
"""


@pytest.fixture
def run(tmp_path: Path) -> Jaiza:
    """Run a command on a review without the shipped sources."""
    place = tmp_path / "w"
    place.mkdir()
    (place / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (tmp_path / "list.ris").write_text(RIS, encoding="utf-8")

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(jaiza, ["--workspace", str(place), *arguments])

    return command


def pdf(path: Path, title: str) -> Path:
    page = Canvas(str(path))
    page.setFont("Helvetica-Bold", 24)
    page.drawString(72, 720, title)
    page.setFont("Helvetica", 11)
    for line in range(20):
        page.drawString(72, 660 - 14 * line, f"Line {line} of an invented report about relief in the villages.")
    page.save()
    return path


def test_a_reference_list_is_added_once_and_a_later_edition_is_linked(run: Jaiza, tmp_path: Path) -> None:
    first = json.loads(run("sources", "add", str(tmp_path / "list.ris"), "--json").stdout)
    assert [(work["state"], work["of"]) for work in first["works"]] == [("new", ""), ("edition", "tollander-2014")]
    again = json.loads(run("sources", "add", str(tmp_path / "list.ris"), "--json").stdout)
    assert [work["state"] for work in again["works"]] == ["known", "known"]
    assert len(json.loads(run("sources", "list", "--json").stdout)) == 2
    linked = json.loads(run("sources", "duplicates", "--json").stdout)["links"]
    assert [(one["source"], one["edition_of"], one["by"]) for one in linked] == [
        ("tollander-2016", "tollander-2014", "jaiza")
    ]


MIXED = """TY  - RPRT
AU  - Tollander, Ines
TI  - Grain vouchers and village relief in Arvenia: a first look
N1  - RAYYAN-INCLUSION: {"Amna"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: no data
PY  - 2014
ER  -

TY  - RPRT
AU  - Tollander, Ines
TI  - Grain vouchers and village relief in Arvenia
PY  - 2014
ER  -

TY  - RPRT
PY  - 2014
ER  -

TY  - RPRT
AU  - Tollander, Ines
TI  - Grain vouchers and village relief in Arvenia
PY  - 2014
"""


def test_every_record_of_a_list_ends_in_the_table_and_the_numbers_add_up(run: Jaiza, tmp_path: Path) -> None:
    (tmp_path / "mixed.txt").write_text(MIXED, encoding="utf-16")
    told = run("sources", "add", str(tmp_path / "mixed.txt")).stdout
    assert "mixed.txt: RIS, 4 records; read as UTF-16" in told
    assert "1 added, 0 added as editions, 1 to check, 1 known already, 1 not usable" in told
    assert "known already as tollander-2014-2" in told
    assert "mixed.txt, record 3 (line 14): has no title" in " ".join(told.split())
    assert "decisions made in Rayyan (1 exclude) are kept for screening" in told
    assert "Amna excluded it in Rayyan (no data)." in run("sources", "check").stdout


FILES = """@report{{a, title={{Grain vouchers and village relief in Arvenia}}, author={{Tollander, Ines}}, year=2014,
 file={{Full Text:files/12/grain.pdf:application/pdf}}}}
@report{{b, title={{Salt taxes in the coastal towns}}, year=2015, file={{Full Text:{}:application/pdf}}}}
@report{{c, title={{Bread prices in the winter of the siege}}, year=2016, file={{:files/14/none.pdf:PDF}}}}
"""


def test_the_files_that_a_list_names_are_attached_where_they_are_here(run: Jaiza, tmp_path: Path) -> None:
    folder = tmp_path / "zotero"
    (folder / "files" / "12").mkdir(parents=True)
    pdf(folder / "files" / "12" / "grain.pdf", "Grain vouchers and village relief in Arvenia")
    (folder / "page.pdf").write_text("<html>", encoding="utf-8")
    (folder / "list.bib").write_text(FILES.format(folder / "page.pdf"), encoding="utf-8")
    told = run("sources", "add", str(folder / "list.bib")).stdout
    assert "3 added" in told
    assert "tollander-2014: attached: grain.pdf attached" in told
    assert "2 of the works have a PDF on the disk of who made the list, which is not here" in told
    again = json.loads(run("sources", "add", str(folder / "list.bib"), "--json").stdout)
    assert ([work["state"] for work in again["works"]], again["attached"]) == (["known"] * 3, [])


@pytest.mark.parametrize(("verdict", "rows"), [("same", 1), ("different", 2)])
def test_what_is_to_check_is_settled_for_all_pairs_at_once(run: Jaiza, tmp_path: Path, verdict: str, rows: int) -> None:
    (tmp_path / "mixed.ris").write_text(MIXED, encoding="utf-8")
    run("sources", "add", str(tmp_path / "mixed.ris"))
    (pair,) = json.loads(run("sources", "duplicates", "--json").stdout)["open"]
    assert (pair["first"], pair["second"], pair["kind"]) == ("tollander-2014", "tollander-2014-2", "like title")
    assert "1 pairs are" in run("sources", "duplicates", "--all", verdict, "--why", "looked at").stdout
    assert json.loads(run("sources", "duplicates", "--json").stdout)["open"] == []
    assert len(json.loads(run("matrix", "--json").stdout)["rows"]) == rows


def test_only_the_counted_edition_is_a_row_of_the_matrix(run: Jaiza, tmp_path: Path) -> None:
    run("sources", "add", str(tmp_path / "list.ris"))
    assert "tollander-2016" not in run("matrix", "--json").stdout
    run("sources", "unlink", "tollander-2016", "tollander-2014")
    assert "tollander-2016" in run("matrix", "--json").stdout


def test_what_people_judged_is_linked_only_when_they_say_so(run: Jaiza, tmp_path: Path) -> None:
    run("sources", "add", str(tmp_path / "list.ris"))
    run("sources", "unlink", "tollander-2016", "tollander-2014")
    log = DecisionLog(f"sqlite:///{tmp_path / 'w' / 'annotations.db'}")
    log.record([Decision("tollander-2016", "GW", 1, "amina")])
    log.close()
    refused = run("sources", "link", "tollander-2016", "tollander-2014")
    assert refused.exit_code == 1
    assert "1 judgements of people" in refused.stderr
    assert run("sources", "link", "tollander-2016", "tollander-2014", "--confirm").exit_code == 0


def test_a_pdf_is_added_under_the_title_a_person_agreed_to(run: Jaiza, tmp_path: Path) -> None:
    report = pdf(tmp_path / "scan0001.pdf", "Cash for the Old of the Islands")
    asked = run("sources", "add", str(report))
    assert asked.exit_code == 1
    assert "“Cash for the Old of the Islands”" in asked.stderr
    given = run("sources", "add", str(report), "--title", "Cash for the Old of the Islands", "--year", "2020")
    assert "attached" in given.stdout
    again = run("sources", "add", str(report), "--title", "Cash for the Old of the Islands")
    assert "nothing was added" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "say what to add"),
        (["nowhere.ris"], 1, "nowhere.ris: can't be read"),
        (["nowhere.pdf"], 1, "there is no such file"),
        (["what is this"], 1, "no file here, no DOI and no web address"),
        (["a.ris", "b.ris", "--title", "One"], 2, "describe one work"),
    ],
)
def test_what_can_not_be_added_is_one_line(run: Jaiza, arguments: list[str], code: int, message: str) -> None:
    result = run("sources", "add", *arguments)
    assert (result.exit_code, message in result.stderr) == (code, True)
    assert json.loads(run("sources", "list", "--json").stdout) == []


@pytest.mark.parametrize("arguments", [["link", "a", "b"], ["adopt", "a", "https://x.example"], ["resolve", "a"]])
def test_a_source_that_is_not_there_is_named(run: Jaiza, arguments: list[str]) -> None:
    assert "no source 'a'" in run("sources", *arguments).stderr


def test_a_file_is_no_address_to_adopt(run: Jaiza, tmp_path: Path) -> None:
    run("sources", "add", str(tmp_path / "list.ris"))
    assert "jaiza sources attach" in run("sources", "adopt", "tollander-2014", "report.pdf").stderr
