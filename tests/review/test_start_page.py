"""The start page: reviews of this machine, a new one, and nobody in but its user."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook

from corpus.errors import JaizaError, WorkspaceError
from corpus.registry.registry_file import load_sources
from corpus.workspace import read_review
from models.codebook.codebook import load_codebook
from pipeline.backup import write_backup
from pipeline.intake.new_review import NewTheme, begin_review, codebook_of, is_review, themes_in
from review.serving.open_reviews import OpenReviews
from review.serving.recent_reviews import recent_reviews
from review.serving.start_page import Launcher
from support.review_page import Browser

PORT = 8010
ORIGIN = {"Origin": f"http://127.0.0.1:{PORT}"}


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    monkeypatch.setenv("JAIZA_HOME", str(tmp_path / "settings"))
    with OpenReviews(coder="amina", command=()) as reviews:
        yield Launcher(reviews, port=PORT, home=tmp_path / "home", command=())


def _entered(launcher: Launcher) -> tuple[Browser, str]:
    browser = Browser(launcher.app())
    page = browser.post("/enter", data={"token": launcher.link.partition("#")[2]}, headers=ORIGIN).text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return browser, found[1]


def test_a_new_review_is_begun_opened_and_remembered(launcher: Launcher, tmp_path: Path) -> None:
    browser, csrf = _entered(launcher)
    given = {"csrf": csrf, "title": "Survey quality", "themes": "Sampling quality: how it was drawn\nNon-response"}
    answer = browser.post("/new", data=given, headers=ORIGIN, follow_redirects=False)
    link = answer.headers["location"]
    folder = tmp_path / "home" / "survey-quality"
    assert is_review(folder)
    with httpx.Client(follow_redirects=True) as other:
        page = other.get(link).text
        token = link.partition("#")[2]
        address = link.partition("/enter")[0]
        entered = other.post(f"{address}/enter", data={"token": token}, headers={"Origin": address}).text
    assert "Log in" in page
    assert "Survey quality" in entered
    assert "Pakistan" not in entered
    (recent,) = recent_reviews()
    assert (recent.folder, recent.title, recent.problem) == (folder, "Survey quality", "")
    assert "Survey quality" in browser.get("/").text


def test_a_codebook_is_taken_from_a_file_and_criteria_from_the_form(launcher: Launcher, tmp_path: Path) -> None:
    browser, csrf = _entered(launcher)
    qdc = (
        b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="a" name="Survey" isCodable="false">'
        b'<Code guid="b" name="Sampling" isCodable="true"><Description>how it was drawn</Description>'
        b'<Code guid="c" name="Frame" isCodable="true"/></Code></Code></Codes></CodeBook>'
    )
    excel = BytesIO()
    book = Workbook()
    for row in (("Code no.", "Name", "Description"), ("1", "Non-response", "not interviewed"), ("2", "Recall", "")):
        book.active.append(row)
    book.save(excel)
    toml = codebook_of("Old", [NewTheme("Weights", "how they were made")])

    def send(name: str, data: bytes) -> dict[str, str]:
        answer = browser.post("/new/codebook", params={"name": name}, content=data, headers={**ORIGIN, "X-Jaiza": csrf})
        told: dict[str, str] = answer.json()
        return told

    for by, sign in ((Browser(launcher.app()), csrf), (browser, "wrong")):
        assert by.post("/new/codebook", content=toml, headers={**ORIGIN, "X-Jaiza": sign}).status_code == 403
    assert "can be read here" in send("codes.docx", b"PK")["error"]
    assert "cut.qdc" in send("cut.qdc", qdc[:-20])["error"]
    for name, data, said, theme in (
        ("codes.qdc", qdc, "1 theme: Sampling. 1 under others are left out.", "how it was drawn"),
        ("codes.xlsx", excel.getvalue(), "2 themes: Non-response; Recall.", "not interviewed"),
        ("codebook.toml", toml, "1 theme: Weights.", "how they were made"),
    ):
        assert send(name, data)["said"] == said
        given = {"csrf": csrf, "title": f"Of {name}", "codebook": "file", "criteria": "On surveys\n\nSince 2000"}
        browser.post("/new", data={**given, "screeners": "2"}, headers=ORIGIN, follow_redirects=False)
        folder = tmp_path / "home" / f"of-{name.replace('.', '-')}"
        assert theme in (folder / "codebook.toml").read_text(encoding="utf-8")
        screening = read_review(folder / "review.toml").screening
        assert (screening.include, screening.screeners) == (("On surveys", "Since 2000"), 2)
    assert "choose the file" in browser.post("/new", data={**given, "folder": "x"}, headers=ORIGIN).text.lower()
    assert sorted(one.name for one in (tmp_path / "home").iterdir()) == [
        "of-codebook-toml", "of-codes-qdc", "of-codes-xlsx",
    ]  # fmt: skip


def test_what_is_wrong_is_told_on_the_page(launcher: Launcher, tmp_path: Path) -> None:
    browser, csrf = _entered(launcher)
    for path, given, said in (
        ("/open", {"folder": str(tmp_path)}, "holds no review"),
        ("/new", {"title": "Mine", "themes": ""}, "write down at least one theme"),
        ("/new", {"title": " ", "themes": "A", "folder": "x"}, "give the review a title"),
        ("/restore", {"backup": str(tmp_path / "none.zip"), "folder": "y"}, "none.zip"),
    ):
        assert said in browser.post(path, data={"csrf": csrf, **given}, headers=ORIGIN).text.lower()
    assert not (tmp_path / "home").exists()


def test_a_backup_is_chosen_in_the_browser_and_opened_in_another_folder(launcher: Launcher, tmp_path: Path) -> None:
    browser, csrf = _entered(launcher)
    workspace = begin_review(
        tmp_path / "first", title="Survey quality", codebook=codebook_of("Survey quality", [NewTheme("Sampling")])
    )
    write_backup(workspace, tmp_path / "kept.zip")
    data = (tmp_path / "kept.zip").read_bytes()

    def send(content: bytes, sign: str = csrf, folder: str = "", by: Browser = browser) -> httpx.Response:
        about = {"name": "kept.zip", "folder": folder}
        return by.post("/restore/file", params=about, content=content, headers={**ORIGIN, "X-Jaiza": sign})

    assert send(data, sign="wrong").status_code == 403
    assert send(data, by=Browser(launcher.app())).status_code == 403
    assert "kept.zip" in send(data[:-100]).json()["error"]
    assert not list((tmp_path / "home").glob("*")), "nothing half there"
    assert send(data).json()["link"].startswith("http://127.0.0.1:")
    assert "survey quality" in browser.get("/").text.lower()
    assert is_review(tmp_path / "home" / "kept")
    assert "error" in send(data).json(), "the folder is taken"
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["kept"]


def test_nobody_gets_in_without_the_link_or_from_another_page(launcher: Launcher) -> None:
    outsider = Browser(launcher.app())
    assert "Your reviews" not in outsider.get("/").text
    assert outsider.post("/new", data={"title": "x", "themes": "y"}, headers=ORIGIN).status_code == 403
    browser, csrf = _entered(launcher)
    for headers, sign in (({"Origin": "http://evil.example"}, csrf), (ORIGIN, "wrong"), ({"Origin": "null"}, csrf)):
        answer = browser.post("/new", data={"csrf": sign, "title": "x", "themes": "y"}, headers=headers)
        assert answer.status_code == 403
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400
    again = Browser(launcher.app())
    assert "works once" in again.post("/enter", data={"token": launcher.link.partition("#")[2]}, headers=ORIGIN).text


def test_a_review_of_ones_own_has_nothing_of_the_shipped_one(tmp_path: Path) -> None:
    title = 'Schools "in" the hills'
    themes = [NewTheme("Distance"), NewTheme("Direct costs", "what families pay"), NewTheme("Dire straits")]
    workspace = begin_review(
        tmp_path / "new", title=title, question="What keeps\npupils away?", codebook=codebook_of(title, themes)
    )
    codebook = load_codebook(workspace)
    assert [(theme.code, theme.name) for theme in codebook.themes] == [
        ("DIST", "Distance"), ("DC", "Direct costs"), ("DS", "Dire straits"),
    ]  # fmt: skip
    assert load_sources(workspace) == ()
    assert workspace.review.title == title
    assert tomllib.loads((tmp_path / "new" / "review.toml").read_text(encoding="utf-8"))["title"].startswith("Schools")
    for path in (tmp_path / "new").rglob("*.toml"):
        assert not re.search("pakistan|protection|zakat|bisp", path.read_text(encoding="utf-8"), re.IGNORECASE), path
    with pytest.raises(WorkspaceError, match="holds a review already"):
        begin_review(tmp_path / "new", title="Another")


def test_themes_get_codes_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(JaizaError, match="at least one theme"):
        codebook_of("Mine", themes_in("\n \n"))
    made = codebook_of("Mine", themes_in("Cost\nCosts: all\n中文\n"))
    workspace = begin_review(tmp_path / "some", title="Mine", codebook=made)
    assert load_codebook(workspace).codes == ("COST", "COST2", "T")
