"""A review is filled, run and kept from its pages, with what the command line would make of it."""

from __future__ import annotations

import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from corpus.registry.registry_file import load_sources
from corpus.store.pdf_store import Holdings
from corpus.workspace import establish, write_atomic
from review.app import make_app
from review.desk.jobs import Jobs
from review.review_items import ReviewItems
from review.serving.server import listening_on, opened_review
from support.review_page import CODEBOOK, HOST, Browser, Served
from support.small_review import sample_pdfs

ORIGIN = {"Origin": f"http://{HOST}"}
RIS = "TY  - RPRT\nTI  - Wages in the hill districts\nAU  - Khan, Amina\nPY  - 2019\nER  - \n"
# In the place of the command `jaiza`: prints what it was called with.
ECHO = (sys.executable, "-c", "import sys; print(*sys.argv[1:])")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "mine")
    write_atomic(made.workspace.root / "review.toml", b'title = "Mine"\nshipped_sources = false\n')
    write_atomic(made.workspace.root / "sources.toml", b"# none yet\n")
    yield made
    made.log.close()


def _upload(browser: Browser, name: str, data: bytes, source: str = "") -> dict[str, str]:
    answer = browser.post(
        "/sources/upload", params={"name": name, "source": source}, content=data,
        headers={**ORIGIN, "X-Jaiza": browser.csrf, "Content-Type": "application/octet-stream"},
    )  # fmt: skip
    return {"status": str(answer.status_code), **answer.json()}


def _change(browser: Browser, page: str, **given: str) -> str:
    return browser.post(page, data={"csrf": browser.csrf, **given}, headers=ORIGIN).text


def test_a_pdf_waits_for_its_title_and_then_is_a_source_with_its_file(served: Served) -> None:
    browser, pdf = served.browser(), sample_pdfs(1)["doc-0"]
    taken = _upload(browser, "scan 17.pdf", pdf)
    assert taken["state"] == "to confirm"
    assert load_sources(served.workspace) == ()
    page = browser.get("/sources").text
    sha256 = page.partition('name="file" value="')[2].partition('"')[0]
    assert "give its title" in _change(browser, "/sources", what="confirm", file=sha256, title=" ")
    answer = _change(
        browser, "/sources", what="confirm", file=sha256, title="Payments in the hills", authors="Noor, B", year="2021"
    )
    assert "attached" in answer
    (source,) = load_sources(served.workspace)
    assert (source.title, source.year, source.authors) == ("Payments in the hills", 2021, ("Noor, B",))
    held = Holdings(served.workspace).get(source.id)
    assert held is not None
    assert (held.sha256, held.address) == (sha256, "scan 17.pdf")
    assert _upload(browser, "again.pdf", pdf)["state"] == "known"
    page = browser.get(f"/screening?record={source.id}").text  # without an abstract, its first page is shown
    picture = page.partition('<p><img src="')[2].partition('"')[0]
    assert browser.get(picture).content.startswith(b"\x89PNG")
    assert list((served.workspace.root / "uploads").iterdir()) == []


def test_the_same_file_given_twice_is_told_before_anybody_confirms_it(served: Served) -> None:
    browser, pdf = served.browser(), sample_pdfs(1)["doc-0"]
    assert _upload(browser, "first.pdf", pdf)["state"] == "to confirm"
    again = _upload(browser, "copy.pdf", pdf)
    assert (again["state"], "same file as first.pdf" in again["said"]) == ("known", True)
    page = browser.get("/sources").text
    assert page.count('value="confirm"') == 1
    picture = page.partition('<img loading="lazy" src="')[2].partition('"')[0]
    assert browser.get(picture).content.startswith(b"\x89PNG")
    for name in ("0" * 64, "..%2f..%2freview.toml", "review.toml"):
        assert browser.get(f"/sources/picture/{name}").status_code == 404, name


def test_a_review_without_studies_says_where_to_begin(tmp_path: Path) -> None:
    served = Served(tmp_path / "mine")
    served.context.open_items(ReviewItems([], {}, {}, CODEBOOK))
    try:
        assert 'Begin with <a href="/sources">Sources</a>' in served.browser().get("/").text
        assert "Whoever manages the review" in served.browser("bilal", "coder").get("/").text
    finally:
        served.log.close()


def test_a_reference_list_is_taken_in_and_its_missing_file_can_be_given(served: Served) -> None:
    browser = served.browser()
    taken = _upload(browser, "library.ris", RIS.encode())
    assert taken["said"] == "RIS, 1 record: 1 added"
    assert _upload(browser, "library.ris", RIS.encode())["said"] == "RIS, 1 record: 1 known already"
    (source,) = load_sources(served.workspace)
    assert source.id in browser.get("/sources").text
    given = _upload(browser, "wages.pdf", sample_pdfs(1)["doc-0"], source.id)
    assert given["state"] == "attached"
    assert Holdings(served.workspace).get(source.id) is not None


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("report.pdf", b"not one", "it is not a PDF"),
        ("cut.pdf", b"%PDF-1.7 and no more", "damaged"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 a picture", "no record in it that is known"),
        ("empty.ris", b"", "the file is empty"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_taken_says_why_and_leaves_nothing(
    served: Served, name: str, data: bytes, said: str
) -> None:
    taken = _upload(served.browser(), name, data)
    assert taken.get("state", "refused") == "refused"
    assert said in taken.get("said", "") + taken.get("error", "")
    assert load_sources(served.workspace) == ()
    assert list((served.workspace.root / "uploads").glob("*")) == []


def test_a_file_over_the_limit_is_refused_while_it_comes(tmp_path: Path) -> None:
    served = Served(tmp_path / "mine")
    object.__setattr__(served.workspace.review.pull, "size_cap_mb", 0.01)
    served.app = make_app(served.context, served.access)
    try:
        taken = _upload(served.browser(), "large.pdf", b"%PDF" + bytes(20_000))
        assert (taken["status"], "limit" in taken["error"]) == ("400", True)
        assert list((served.workspace.root / "uploads").glob("*")) == []
    finally:
        served.log.close()


def test_a_coder_does_not_get_to_the_pages_of_admins(served: Served) -> None:
    browser = served.browser("bilal", "coder")
    assert "Manage" not in browser.get("/").text
    for path in ("/sources", "/runs", "/runs/state", "/results", "/machine", "/upkeep", "/upkeep/backup"):
        assert browser.get(path).status_code == 403, path
    assert _upload(browser, "x.ris", RIS.encode())["status"] == "403"
    assert load_sources(served.workspace) == ()


def _ended(jobs: Jobs, name: str) -> str:
    for _ in range(600):
        job = jobs.last(name)  # type: ignore[arg-type]
        if job and job.state != "running":
            return job.state
        time.sleep(0.05)
    raise AssertionError("it goes on and on")


def test_a_run_from_the_page_is_the_command_and_outlives_the_page(served: Served) -> None:
    jobs = served.context.jobs = Jobs(served.workspace, ECHO)
    browser = served.browser()
    _change(browser, "/runs", what="retry")
    assert _ended(jobs, "run") == "done"
    assert jobs.said("run").split() == ["run", "--retry-failed", "--workspace", str(served.workspace.root)]
    assert "The last run started here: done" in browser.get("/runs").text
    assert Jobs(served.workspace, ECHO).last("run") == jobs.last("run"), "kept where the next server finds it"


def test_one_run_at_a_time_and_it_can_be_stopped(served: Served) -> None:
    code = "import time; print('at work', flush=True); time.sleep(60)"
    jobs = served.context.jobs = Jobs(served.workspace, (sys.executable, "-c", code))
    browser = served.browser()
    _change(browser, "/runs", what="start")
    assert "at work already, started by amina" in _change(browser, "/runs", what="start")
    assert browser.get("/runs/state").json()["running"]
    for _ in range(600):  # an interpreter that is still starting dies of the signal in another way
        if jobs.said("run"):
            break
        time.sleep(0.05)
    _change(browser, "/runs", what="stop")
    assert _ended(jobs, "run") == "stopped"
    assert not browser.get("/runs/state").json()["running"]


def test_a_job_that_fails_or_can_not_be_started_is_told(served: Served) -> None:
    jobs = served.context.jobs = Jobs(served.workspace, (sys.executable, "-c", "raise SystemExit('no space left')"))
    browser = served.browser()
    _change(browser, "/machine", what="retrain")
    assert _ended(jobs, "retrain") == "failed"
    assert "no space left" in browser.get("/machine").text
    served.context.jobs = Jobs(served.workspace, ("/no/such/program",))
    assert "/no/such/program can&#39;t be started" in _change(served.browser(), "/runs", what="start")


def test_exports_are_downloads_and_can_be_narrowed(served: Served) -> None:
    browser = served.browser()
    answer = browser.get("/results/export", params={"format": "qdc"})
    assert "codebook.qdc" in answer.headers["content-disposition"]
    assert b"<CodeBook" in answer.content
    assert "always of the whole review" in browser.get("/results/export?format=qdc&theme=GW").text
    assert "always of the whole review" in browser.get("/results/export?format=qdc&value=2").text
    assert browser.get("/results/export?format=nonsense").status_code == 404


def test_results_are_served_from_their_folder_and_from_nowhere_else(served: Served) -> None:
    latest = served.workspace.out / "latest"
    write_atomic(latest / "report.html", b"<!doctype html><p>the report</p>")
    write_atomic(latest / "figures" / "one.svg", b"<svg/>")
    browser = served.browser()
    assert "figures/one.svg" in browser.get("/results").text
    answer = browser.get("/results/file/report.html")
    assert "the report" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert browser.get("/results/file/figures/one.svg").headers["content-disposition"].startswith("attachment")
    for name in ("../../review.toml", "%2e%2e/%2e%2e/review.toml", "nothing.csv"):
        assert browser.get(f"/results/file/{name}").status_code == 404, name


def test_a_backup_is_a_download_that_holds_the_review(served: Served) -> None:
    establish(served.workspace)
    answer = served.browser().get("/upkeep/backup")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        assert {"backup.json", "annotations.db", "review.toml"} <= set(packed.namelist())


def test_another_aim_is_kept_in_the_settings_and_nothing_else_changes_there(served: Served) -> None:
    browser = served.browser()
    page = _change(browser, "/machine", what="aim", aim="find more")
    assert '<option value="find more" selected>' in page
    assert (served.workspace.root / "review.toml").read_text() == (
        'title = "Mine"\nshipped_sources = false\n\n[models]\naim = "find more"\n'
    )
    assert "does not know what is wanted" in _change(browser, "/machine", what="aim", aim="everything")


def test_what_a_killed_server_left_half_written_is_in_no_backup_and_goes(served: Served) -> None:
    establish(served.workspace)
    half = served.workspace.root / "uploads" / ".upload-x"
    write_atomic(half, b"%PDF half")
    with zipfile.ZipFile(BytesIO(served.browser().get("/upkeep/backup").content)) as packed:
        assert not [name for name in packed.namelist() if "upload" in name]
    with (
        listening_on("127.0.0.1", 0) as listening,
        opened_review(served.workspace, coder="amina", host="127.0.0.1", listening=listening, command=()),
    ):
        assert not half.exists()


def test_learning_that_can_not_be_started_is_told_on_its_page(served: Served) -> None:
    served.context.jobs = Jobs(served.workspace, ("/no/such/program",))
    assert "/no/such/program can&#39;t be started" in _change(served.browser(), "/machine", what="retrain")


def test_lists_that_come_at_once_are_all_taken_and_no_work_twice(served: Served) -> None:
    lists = [RIS + f"TY  - RPRT\nTI  - Report of the year {year}\nPY  - {year}\nER  - \n" for year in range(2001, 2009)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda one: _upload(served.browser(), "list.ris", one.encode()), lists))
    assert [one.get("state") for one in taken] == ["list"] * 8
    titles = [source.title for source in load_sources(served.workspace)]
    assert sorted(titles) == [*(f"Report of the year {n}" for n in range(2001, 2009)), "Wages in the hill districts"]
