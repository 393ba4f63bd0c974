"""Every kind of file that Jaiza reads from people and other programs: a few good ones, and what reads them."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.workspace import Review, Workspace
from extract.document import Box, Document, Page, Passage
from models.codebook.codebook import shipped_codebook

_PACKAGES = Path(__file__).parents[2]
_SITE = Path(str(files("corpus.sample").joinpath("site")))
SECONDS = 20.0  # for one PDF, as for the front pages of a file that comes in


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file."""

    name: str
    suffix: str
    seeds: Callable[[], tuple[bytes, ...]]
    read: Callable[[Path], object]  # raises JaizaError where the file is not as it should be
    cost: int = 1  # how many of the others take as long as one of these


def _shipped(*names: str) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple((_PACKAGES / name).read_bytes() for name in names)


def _given(*seeds: str) -> Callable[[], tuple[bytes, ...]]:
    return lambda: tuple(seed.encode() for seed in seeds)


def _registry(path: Path) -> object:
    from corpus.registry.registry_file import load_source_file, with_added

    found = load_source_file(path)
    workspace = Workspace(path.parent, Review(title="x", shipped_sources=False))
    shutil.copy(path, path.with_name("sources.toml"))
    return found, with_added(workspace, [])


def _settings(path: Path) -> object:
    from corpus.workspace import read_review

    return read_review(path)


def _codebook(path: Path) -> object:
    from models.codebook.codebook import read_codebook

    book = read_codebook(path)
    return book.revision, [book.theme(code) for code in book.codes]


def _claims(path: Path) -> object:
    from synthesis.audit.claims import read_claims

    claims = read_claims(path, shipped_codebook())
    return [claims.stated(one) for one in claims]


def _screening(path: Path) -> object:
    from corpus.registry.screening import load_criteria, screen_all
    from corpus.registry.sources import Source

    shutil.copy(path, path.with_name("screening.toml"))
    workspace = Workspace(path.parent, Review(title="x", shipped_sources=False))
    return screen_all([Source("a-2020", "A (2020)", "On pensions", year=2020)], load_criteria(workspace))


def _decisions(path: Path) -> object:
    from annotations.decisions_csv import read_decisions

    return read_decisions(path, sources=("torrand-2021",), codebook=shipped_codebook())


def _reference_list(path: Path) -> object:
    from corpus.reference_lists.read import read_reference_list

    found = read_reference_list(path)
    return [asdict(work) for work in found.works]


def _codings(path: Path) -> object:
    from corpus.registry.sources import Source
    from exchange.readers.code_matching import CodeBookOfOthers, Sources
    from exchange.readers.import_codings import Names, import_codings
    from exchange.readers.read_file import read_codings

    codebook = shipped_codebook()
    ours = CodeBookOfOthers(codebook, {})
    contents = read_codings(path, is_code=ours.knows)
    sources = (Source("torrand-2021", "Torrand (2021)", "Five Years", ("Torrand, Matis",), 2021),)
    names = Names(ours, Sources(sources, {}, {}), coder="amina")
    texts = {"torrand-2021": _document()}
    return import_codings(contents, names=names, documents=texts, codebook=codebook, origin=path.name)


def _codes(path: Path) -> object:
    from exchange.readers.refi_codes import read_codebook

    return read_codebook(path)


def _name_map(path: Path) -> object:
    from exchange.readers.name_map import read_name_map

    return read_name_map(path)


def _pdf(path: Path) -> object:
    from extract.isolation.isolated_read import read_isolated

    return read_isolated(path, "a" * 64, seconds=SECONDS, memory_mb=1024)


def _front_pages(path: Path) -> object:
    from extract.isolation.isolated_read import front_pages_isolated

    return front_pages_isolated(path, seconds=SECONDS)


def _backup(path: Path) -> object:
    from pipeline.backup import check_backup, restore_backup

    check_backup(path)
    return restore_backup(path, path.parent / "restored")


def _log(path: Path) -> object:
    from annotations.log.decision_log import DecisionLog

    with DecisionLog(f"sqlite:///{path}") as log:
        return log.contents()


def _copy(path: Path) -> object:
    from pipeline.join_copies import _copy_log

    return _copy_log(path, path.with_name("taken.db"))


def _document() -> Document:
    text = "The registers were closed in most districts. Complaints were answered late, if at all."
    passages = (
        Passage(f"{'a' * 12}-0-44", text[:44], ((0, 44),), (Box(1, 70, 100, 500, 110),)),
        Passage(f"{'a' * 12}-45-{len(text)}", text[45:], ((45, len(text)),), (Box(1, 70, 112, 500, 122),)),
    )
    return Document("a" * 64, "1", "read", pages=(Page(1, "", 595, 842, True),), text=text, passages=passages)


_PERSON = "bb000000-0000-0000-0000-000000000001"
_PROJECT = f"""<?xml version="1.0" encoding="utf-8"?>
<Project name="p" origin="Other 1" xmlns="urn:QDA-XML:project:1.0"><Users><User guid="{_PERSON}" name="Nadia"/></Users>
<CodeBook><Codes><Code guid="aa000000-0000-0000-0000-000000000001" name="Governance Weaknesses" isCodable="true">
<Code guid="aa000000-0000-0000-0000-000000000002" name="GW" isCodable="true"/></Code></Codes></CodeBook>
<Sources><TextSource guid="ee000000-0000-0000-0000-000000000001" name="torrand-2021" plainTextPath="internal://text.txt">
<PlainTextSelection guid="dd000000-0000-0000-0000-000000000001" name="" startPosition="4" endPosition="24">
<Coding guid="cc000000-0000-0000-0000-000000000001" creatingUser="{_PERSON}" creationDateTime="2024-02-05T10:00:00Z">
<CodeRef targetGUID="aa000000-0000-0000-0000-000000000002"/></Coding></PlainTextSelection></TextSource></Sources>
<Notes><Note guid="ff000000-0000-0000-0000-000000000001" name="n">
<PlainTextContent>So it is</PlainTextContent></Note></Notes>
</Project>"""


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def _projects() -> tuple[bytes, ...]:
    return (_zip({"project.qde": _PROJECT.encode(), "sources/text.txt": _document().text.encode()}),)


def _codebooks_of_others() -> tuple[bytes, ...]:
    from exchange.writers.refi_codebook import codebook_qdc

    return (codebook_qdc(shipped_codebook()),)


def _workbook(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book, made = Workbook(), io.BytesIO()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


_SEGMENTS = [
    ["Document", "Code", "Segment", "Page", "Coder", "Date", "Weight", "Comment"],
    ["torrand-2021", "GW", "registers were closed", 1, "Nadia", "2024-02-05", 50, "yes"],
    ["torrand-2021", "TI", "answered late", "1", "Nadia", "5.2.2024", "", "=1+1"],
]
_LIST = [["Title", "Authors", "Year", "DOI"], ["Bread and rent", "Khan, A.; Noor, B.", 2019, "10.1000/x"]]


def _as_csv(rows: list[list[Any]]) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)


def _pdfs() -> tuple[bytes, ...]:
    found = sorted(_SITE.rglob("*.pdf"), key=lambda path: path.stat().st_size)
    return tuple(path.read_bytes() for path in found[:4])


@cache
def _marked_pdfs() -> tuple[bytes, ...]:
    from pypdf import PdfReader, PdfWriter
    from pypdf.annotations import FreeText, Highlight
    from pypdf.generic import ArrayObject, FloatObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_pdfs()[0])))
    corners = ArrayObject([FloatObject(n) for n in (70, 700, 300, 700, 70, 680, 300, 680)])
    writer.add_annotation(0, Highlight(rect=(70, 680, 300, 700), quad_points=corners))
    writer.add_annotation(0, FreeText(text="GW: the post was vacant", rect=(50, 550, 200, 650)))
    made = io.BytesIO()
    writer.write(made)
    return (made.getvalue(),)


@cache
def _backups() -> tuple[bytes, ...]:
    import tempfile

    from annotations.decision import Decision
    from annotations.log.open_log import open_log
    from corpus.workspace import open_workspace
    from pipeline.backup import write_backup
    from pipeline.intake.new_review import begin_review

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "review")
        begin_review(root, title="Mine", question="", codebook=None)
        workspace = open_workspace(root)
        with open_log(workspace) as log:
            log.record([Decision("torrand-2021", "GW", 1, "amina")])
        write_backup(workspace, Path(folder, "b.zip"))
        return (Path(folder, "b.zip").read_bytes(),)


def _logs() -> tuple[bytes, ...]:
    return tuple(zipfile.ZipFile(io.BytesIO(backup)).read("annotations.db") for backup in _backups())


_RIS = (
    "TY  - JOUR\nTI  - Bread & rent\nAU  - Khan, A.\nPY  - 2019/03//\nDO  - 10.1000/x\n"
    "UR  - https://x.example/a.pdf\nER  - \n"
)
_BIB = (
    '@string{j = "Journal of Rent"}\n@article{khan2019, title = {Bread {\\&} rent}, author = "Khan, A. and Noor, B.", '
    "year = 2019, journal = j # { 2}, doi = {10.1000/x}, pages = {1--9}}\n@comment{x}\n"
)
_NBIB = "PMID- 123456\nTI  - Bread and rent\nFAU - Khan, Amina\nDP  - 2019 Mar\nLID - 10.1000/x [doi]\n\n"
_ENDNOTE = "%0 Journal Article\n%A Khan, A.\n%T Bread and rent\n%D 2019\n%R 10.1000/x\n\n"
_WOS = "FN Clarivate\nVR 1.0\nPT J\nAU Khan, A\nTI Bread and rent\nPY 2019\nDI 10.1000/x\nER\n\nEF\n"
_CSL = json.dumps(
    [{"type": "report", "title": "Bread", "author": [{"family": "Khan"}], "issued": {"date-parts": [[2019]]}}]
)
_ENDNOTE_XML = (
    '<?xml version="1.0"?><xml><records><record><ref-type name="Report">27</ref-type>'
    "<titles><title>Bread</title></titles>"
    "<contributors><authors><author>Khan, A.</author></authors></contributors><dates><year>2019</year></dates>"
    "<electronic-resource-num>10.1000/x</electronic-resource-num></record></records></xml>"
)
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/'
    'export#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#">'
    '<bib:Report rdf:about="#item_1">'
    "<z:itemType>report</z:itemType><dc:title>Bread</dc:title><dc:date>2019</dc:date></bib:Report></rdf:RDF>"
)
_SETTINGS = (
    'title = "Mine"\ntimezone = "Asia/Karachi"\nshipped_sources = false\n'
    "[extract]\nseconds = 120\nmemory_mb = 1024\n[pull]\nsize_cap_mb = 50\n[screening]\nscreeners = 2\n"
    '[schedule]\nrun = "0 6 * * 1"\nretrain_after = 100\n'
)
_DECISIONS = (
    "source,theme,value,coder,page,quote,note,decided\n"
    'torrand-2021,GW,2,amina,1,"registers were closed",so,2024-02-05\ntorrand-2021,TI,0,noor,,,,\n'
)
_CLAIM_ROWS = "id,quote,theme,count,percent\nC1,so it is,GW,3,\nC2,most,TI,,60\n"
_NAME_MAP = (
    "kind,in the file,here,value,codings,why\ncode,Governance,GW,,3,alike\ndocument,khan.docx,torrand-2021,,1,\n"
    "person,NK,Nadia,,1,\nweight,50,2,,1,\n"
)

KINDS = (
    FileKind("registry", ".toml", _shipped("corpus/sample/sources.toml"), _registry),
    FileKind("review settings", ".toml", _given(_SETTINGS), _settings),
    FileKind("codebook", ".toml", _shipped("models/codebook.toml"), _codebook),
    FileKind("claims", ".toml", _shipped("synthesis/audit/claims.toml"), _claims),
    FileKind("claims as a table", ".csv", _given(_CLAIM_ROWS), _claims),
    FileKind("screening criteria", ".toml", _shipped("corpus/sample/screening.toml"), _screening),
    FileKind("decisions", ".csv", _given(_DECISIONS), _decisions),
    FileKind("RIS", ".ris", _given(_RIS, _RIS * 3), _reference_list),
    FileKind("BibTeX", ".bib", _given(_BIB), _reference_list),
    FileKind("PubMed", ".nbib", _given(_NBIB), _reference_list),
    FileKind("EndNote", ".enw", _given(_ENDNOTE), _reference_list),
    FileKind("EndNote XML", ".xml", _given(_ENDNOTE_XML), _reference_list),
    FileKind("Web of Science", ".txt", _given(_WOS), _reference_list),
    FileKind("Zotero RDF", ".rdf", _given(_RDF), _reference_list),
    FileKind("CSL JSON", ".json", _given(_CSL), _reference_list),
    FileKind("list as a table", ".csv", _given(_as_csv(_LIST)), _reference_list),
    FileKind("list as a workbook", ".xlsx", lambda: (_workbook(_LIST),), _reference_list, cost=2),
    FileKind("REFI-QDA project", ".qdpx", _projects, _codings),
    FileKind("REFI-QDA codebook", ".qdc", _codebooks_of_others, _codes),
    FileKind("codings as a table", ".csv", _given(_as_csv(_SEGMENTS)), _codings),
    FileKind("codings as a workbook", ".xlsx", lambda: (_workbook(_SEGMENTS),), _codings, cost=2),
    FileKind("name map", ".csv", _given(_NAME_MAP), _name_map),
    FileKind("marked PDF", ".pdf", _marked_pdfs, _codings, cost=4),
    FileKind("PDF", ".pdf", _pdfs, _pdf, cost=20),
    FileKind("first pages of a PDF", ".pdf", _pdfs, _front_pages, cost=10),
    FileKind("decision log", ".db", _logs, _log, cost=4),
    FileKind("log of a copy", ".zip", lambda: (*_backups(), *_logs()), _copy, cost=2),
    FileKind("backup", ".zip", _backups, _backup, cost=4),
)  # fmt: skip


def spread(count: int) -> Iterator[tuple[FileKind, int]]:
    """How many of `count` files are of which kind: fewer of those that take long."""
    shares = {kind.name: 1 / kind.cost for kind in KINDS}
    whole = sum(shares.values())
    for kind in KINDS:
        yield kind, max(1, round(count * shares[kind.name] / whole))
