"""A review on another subject: nothing it makes has a word of the shipped one, or a column for what nobody knows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from starlette.routing import Route

from annotations.decision import Anchor, Decision
from annotations.log.open_log import open_log
from corpus.registry.registry_file import load_sources
from corpus.workspace import Workspace
from exchange.formats import FORMATS
from pipeline.documents.execution import ThreadExecutor
from pipeline.export import ExportMaterial
from pipeline.intake.new_review import begin_review, codebook_of, themes_in
from pipeline.intake.take_files import take_file
from pipeline.runs.options import RunOptions
from pipeline.runs.run import run_review
from review.serving.server import LOCAL, listening_on, opened_review
from support.review_page import Browser
from synthesis.report import figure_style

TITLE = "Maize in dry years"
THEMES = "Soil moisture: how wet the ground is\nCrop yield: how much is harvested"
QUOTE = "the crop yield fell with it, so that farmers harvested less than half of what they had before"
RIS = "TY  - JOUR\nTI  - Drought and the maize harvests of the upper valley\nAU  - Okoro, Ada\nPY  - 2014\nER  - \n"
# Words of the review that comes with Jaiza; none of them belongs into one about maize.
FOREIGN = re.compile(
    r"pakistan|zakat|\bbisp\b|benazir|ehsaas|social.protection|social.security|welfare|cash.transfer|karachi|lahore"
    r"|islamabad|punjab|sindh|rupee|safety.net|beneficiar|fiscal|institutional.fragmentation",
    re.IGNORECASE,
)
_ZONES = re.compile(r'<datalist id="zones">.*?</datalist>', re.DOTALL)  # every place on earth has a time zone
_NO_TEXT = (".pdf", ".png", ".db", ".jpeg")


@pytest.fixture(scope="module")
def maize(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The review, with one article, read and coded by a person, after its run."""
    root = tmp_path_factory.mktemp("maize")
    workspace = begin_review(
        root / "review", title=TITLE, question="What does drought do?", codebook=codebook_of(TITLE, themes_in(THEMES))
    )
    (root / "list.ris").write_text(RIS)
    take_file(workspace, root / "list.ris", "list.ris")
    (source,) = load_sources(workspace)
    style = getSampleStyleSheet()
    text = f"Soil moisture fell by a tenth in the dry years, and {QUOTE} the drought began, as all the plots show."
    SimpleDocTemplate(str(root / "a.pdf"), invariant=1).build(
        [Paragraph(source.title, style["Title"]), Paragraph("Ada Okoro", style["Normal"]),
         Paragraph("Results", style["Heading2"]), *(Paragraph(text, style["Normal"]) for _ in range(3))]
    )  # fmt: skip
    take_file(workspace, root / "a.pdf", "a.pdf", source_id=source.id)
    with open_log(workspace) as log:
        log.record([Decision(source.id, "CY", 2, "ada", anchor=Anchor(QUOTE, 1)), Decision(source.id, "CY", 2, "ada")])
    with pytest.MonkeyPatch.context() as only:  # figures as SVG with their words in it, and not in three formats
        only.setattr(figure_style, "_METADATA", {"svg": {"Date": None}})
        only.setitem(figure_style.STYLE, "svg.fonttype", "none")
        run_review(workspace, load_sources(workspace), RunOptions(), ThreadExecutor)
    return workspace


def _texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """What there is to read in a file, with the names of the parts of an archive."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in packed.namelist():
                yield from _texts(f"{name}: {part}", packed.read(part))
    elif not name.endswith(_NO_TEXT) and not data.startswith(b"%PDF"):
        yield name, _ZONES.sub("", data.decode("utf-8", "replace"))


def _found(name: str, data: bytes) -> list[tuple[str, str]]:
    return [
        (part, text[max(0, hit.start() - 40) : hit.end() + 40])
        for part, text in _texts(name, data)
        for hit in FOREIGN.finditer(text)
    ]


def test_no_file_of_the_review_has_a_word_of_another_subject(maize: Workspace) -> None:
    files = [path for path in maize.root.rglob("*") if path.is_file()]
    assert {"report.html", "matrix.xlsx", "run.json"} <= {path.name for path in files}
    assert [hit for path in files for hit in _found(path.name, path.read_bytes())] == []


@pytest.mark.parametrize("name", ["docx", "quotations", "xlsx", "qdpx", "latex"])
def test_no_export_has(maize: Workspace, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    monkeypatch.setattr(figure_style, "_METADATA", {"svg": {"Date": None}, "png": {"Software": None}})
    FORMATS[name].write(ExportMaterial(maize), made)
    assert made.getvalue()
    assert _found(FORMATS[name].file, made.getvalue()) == []


def test_no_page_has(maize: Workspace) -> None:
    (source,) = load_sources(maize)
    with (
        listening_on(LOCAL, 0) as listening,
        opened_review(maize, coder="ada", host=LOCAL, listening=listening, command=()) as review,
    ):
        browser = Browser(review.app, host=review.address.removeprefix("http://"))
        browser.cookies.set(review.access.cookie, review.access.reviewers.open_session(review.owner))
        seen = 0
        for route in review.app.routes:
            if isinstance(route, Route) and "GET" in (route.methods or ()) and "backup" not in route.path:
                path = route.path.replace("{source}", source.id).replace("{page:int}", "1").replace("{column}", "CY")
                answer = browser.get(path)
                seen += answer.status_code == 200
                kind = ".png" if "image" in answer.headers.get("content-type", "") else ".html"
                assert _found(path + kind, answer.content) == [], path
    assert seen > 20


def test_the_report_has_no_column_for_what_nobody_knows_and_no_sentence_about_nothing(maize: Workspace) -> None:
    report = (maize.out / "latest" / "report.html").read_text(encoding="utf-8")
    for words in ("Programme", "Peer reviewed", "Here each stands alone"):
        assert words not in report
    assert "Crop yield" in report
    made = io.BytesIO()
    FORMATS["latex"].write(ExportMaterial(maize), made)
    assert made.getvalue().count(b"Peer reviewed") == 0
