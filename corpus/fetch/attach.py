"""Files given by hand: attached one by one, or dropped into the inbox as <source-id>.pdf."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from corpus.clock import now
from corpus.errors import JaizaError, PullError, StoreError
from corpus.fetch.pdf_check import PdfFinding, examine, remedy, title_warnings
from corpus.outcome import FrontPageReader, Outcome
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding, Holdings, keep_file, looks_like_pdf, sha256_of
from corpus.workspace import Workspace


def attach(
    workspace: Workspace,
    source: Source,
    path: Path,
    holdings: Holdings,
    *,
    read_front_pages: FrontPageReader,
    confirm: bool = False,
) -> Outcome:
    """Let the PDF at `path` stand for `source`, because a person says so.

    A file whose title differs is held with a warning. One that carries the title of a work which the registry says
    must not be taken for this source is refused as "wrong work", unless `confirm`. A file that can't be read is
    refused with its state. Nothing is changed then. JaizaError: there is no such
    file; PullError: it is not a PDF; StoreError: the store can't be written.
    """
    sha256 = _checked(path, source)
    finding = examine(source, path, read_front_pages=read_front_pages)
    if finding.problem and finding.problem != "no text layer":
        return Outcome(source.id, finding.problem, f"{path.name}: {finding.note}", remedy(finding.problem, source.id))
    if finding.title.verdict == "other work" and not confirm:
        doing = f"{remedy('wrong work', source.id)}, or confirm it: jaiza sources attach {source.id} FILE --confirm"
        return Outcome(source.id, "wrong work", f"{path.name}: {finding.note}", doing)
    held = holdings.get(source.id)
    known = held is not None and held.sha256 == sha256
    try:
        keep_file(workspace, path)
        holdings.record(_holding(source, path, sha256, finding, held if known else None))
    except OSError as error:
        raise StoreError(f"{workspace.root} can't be written ({error.strerror}): make room there") from None
    said = f"{path.name} was held already" if known else f"{path.name} attached"
    if finding.problem:
        doing = remedy(finding.problem, source.id)
        return Outcome(source.id, finding.problem, f"{said}; {finding.note}", doing, sha256)
    return Outcome(source.id, "attached", said, sha256=sha256, warnings=title_warnings(finding.title))


def inbox_files(workspace: Workspace) -> dict[str, Path]:
    """The PDFs in the inbox by the source id their name says; "Gazdar-2011.PDF" is for "gazdar-2011"."""
    return {path.stem.lower(): path for path in reversed(_visible(workspace.inbox)) if path.suffix.lower() == ".pdf"}


def strangers(workspace: Workspace, sources: Iterable[Source]) -> list[Path]:
    """Files in the inbox that belong to no source, because of a misspelt name or because they are no PDF."""
    belonging = inbox_files(workspace)
    known = {belonging[source.id] for source in sources if source.id in belonging}
    return [path for path in _visible(workspace.inbox) if path not in known]


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def _checked(path: Path, source: Source) -> str:
    """The sha256 of a file that is a PDF by its first bytes."""
    if not path.exists():
        raise JaizaError(f"{path}: there is no such file: check the name")
    if not path.is_file():
        raise JaizaError(f"{path} is a folder: name the PDF file for {source.id!r}")
    try:
        is_pdf, sha256 = looks_like_pdf(path), sha256_of(path)
    except OSError as error:
        raise JaizaError(f"{path} can't be read ({error.strerror}): check who may read it") from None
    if not is_pdf:
        raise PullError("not a PDF", f"{path} is not a PDF: save the work as a PDF, then attach that")
    return sha256


def _holding(source: Source, path: Path, sha256: str, finding: PdfFinding, held: Holding | None) -> Holding:
    if held is not None:
        return replace(held, title_check=finding.title.verdict, title_note=finding.title.note)
    return Holding(
        source_id=source.id,
        sha256=sha256,
        size=path.stat().st_size,
        origin="attached",
        retrieved=now(),
        address=path.name,
        title_check=finding.title.verdict,
        title_note=finding.title.note,
    )
