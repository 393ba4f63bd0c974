"""Files given by hand: attaching them, and what lies in the inbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import JaizaError, PullError, StoreError
from corpus.fetch.attach import attach, inbox_files, strangers
from corpus.outcome import Outcome
from corpus.registry.sources import OtherWork, Source
from corpus.store.pdf_store import Holdings, pdf_path
from corpus.workspace import Workspace
from support.fake_host import AUTHORS, TITLE, invented_pdf, read_front_pages, workspace_at

SOURCE = Source(
    id="tollander-2019",
    label="Tollander (2019)",
    title=TITLE,
    authors=AUTHORS,
    other_works=(OtherWork("another topic", title="Tides, Harbours and Lighthouses of the Northern Coast"),),
)
OTHER_WORK = invented_pdf("Tides, Harbours and Lighthouses of the Northern Coast", "Orla Fenwick")
DIFFERENT = invented_pdf("Notes from the Field", "Unknown")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path / "review")


def give(workspace: Workspace, folder: Path, body: bytes, name: str = "mine.pdf", confirm: bool = False) -> Outcome:
    path = folder / name
    path.write_bytes(body)
    holdings = Holdings(workspace)
    return attach(workspace, SOURCE, path, holdings, read_front_pages=read_front_pages, confirm=confirm)


def test_a_file_is_attached_and_copied_into_the_store(workspace: Workspace, tmp_path: Path) -> None:
    outcome = give(workspace, tmp_path, invented_pdf())
    held = Holdings(workspace).get(SOURCE.id)
    assert held is not None
    assert (outcome.state, outcome.warnings) == ("attached", ())
    assert (held.origin, held.address, held.title_check) == ("attached", "mine.pdf", "match")
    assert pdf_path(workspace, outcome.sha256).read_bytes() == invented_pdf()


def test_attaching_the_same_file_again_makes_no_new_version(workspace: Workspace, tmp_path: Path) -> None:
    give(workspace, tmp_path, invented_pdf())
    before = Holdings(workspace).get(SOURCE.id)
    again = give(workspace, tmp_path, invented_pdf(), name="copy.pdf")
    assert (again.state, again.message) == ("attached", "copy.pdf was held already")
    assert Holdings(workspace).get(SOURCE.id) == before


def test_another_file_becomes_a_new_version(workspace: Workspace, tmp_path: Path) -> None:
    first = give(workspace, tmp_path, invented_pdf())
    second = give(workspace, tmp_path, invented_pdf(extra="corrected"))
    held = Holdings(workspace).get(SOURCE.id)
    assert held is not None
    assert (held.sha256, held.previous) == (second.sha256, (first.sha256,))


def test_a_file_with_another_title_is_held_with_a_loud_warning(workspace: Workspace, tmp_path: Path) -> None:
    outcome = give(workspace, tmp_path, DIFFERENT)
    assert outcome.state == "attached"
    assert outcome.warnings[0].startswith("MAYBE NOT THE RIGHT WORK")


def test_the_title_of_another_work_needs_confirming(workspace: Workspace, tmp_path: Path) -> None:
    refused = give(workspace, tmp_path, OTHER_WORK)
    assert (refused.state, refused.sha256) == ("wrong work", "")
    assert Holdings(workspace).get(SOURCE.id) is None
    assert not workspace.pdfs.exists()
    confirmed = give(workspace, tmp_path, OTHER_WORK, confirm=True)
    assert confirmed.state == "attached"
    assert confirmed.warnings[0].startswith("MAYBE ANOTHER WORK")


@pytest.mark.parametrize(
    ("body", "state"),
    [(invented_pdf(extra="/Encrypt"), "password"), (invented_pdf()[:-10], "damaged")],
)
def test_a_file_that_can_not_be_read_is_refused(workspace: Workspace, tmp_path: Path, body: bytes, state: str) -> None:
    outcome = give(workspace, tmp_path, body)
    assert outcome.state == state
    assert "inbox/tollander-2019.pdf" in outcome.remedy
    assert not workspace.lock_file.exists()


def test_a_scan_is_held_and_named_as_one(workspace: Workspace, tmp_path: Path) -> None:
    outcome = give(workspace, tmp_path, invented_pdf(extra="/PictureOnly"))
    assert outcome.state == "no text layer"
    assert pdf_path(workspace, outcome.sha256).is_file()


def test_what_is_no_pdf_file_is_an_error_and_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(PullError, match="is not a PDF: save the work as a PDF") as caught:
        give(workspace, tmp_path, b"PK\x03\x04 a Word file", name="mine.docx")
    assert caught.value.state == "not a PDF"
    holdings = Holdings(workspace)
    for path, said in ((tmp_path / "none.pdf", "there is no such file"), (tmp_path, "is a folder")):
        with pytest.raises(JaizaError, match=said):
            attach(workspace, SOURCE, path, holdings, read_front_pages=read_front_pages)
    assert not workspace.lock_file.exists()
    assert not workspace.pdfs.exists()


def test_a_store_that_can_not_be_written_is_an_error(workspace: Workspace, tmp_path: Path) -> None:
    workspace.pdfs.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="can't be written"):
        give(workspace, tmp_path, invented_pdf())


def test_the_inbox_is_read_by_file_name(workspace: Workspace) -> None:
    for name in ("tollander-2019.pdf", "Fenwick-2020.PDF", "typo-2019.pdf", "notes.docx", ".hidden"):
        (workspace.inbox / name).write_bytes(b"x")
    (workspace.inbox / "folder.pdf").mkdir()
    found = inbox_files(workspace)
    assert sorted(found) == ["fenwick-2020", "tollander-2019", "typo-2019"]
    sources = [SOURCE, Source(id="fenwick-2020", label="Fenwick (2020)")]
    assert [path.name for path in strangers(workspace, sources)] == ["notes.docx", "typo-2019.pdf"]


def test_a_workspace_without_an_inbox_has_nothing_in_it(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    workspace.inbox.rmdir()
    assert inbox_files(workspace) == {}
    assert strangers(workspace, [SOURCE]) == []
