"""The full text of all studies, searchable: phrases, AND, OR, NOT, words near each other, and forms of a word.

An index in SQLite (FTS5, with Porter's stemmer) in `search/` of the workspace: a cache that is safe to delete. A row is
a passage, or another part of a page that has words (a heading, a table, a caption, a footnote).
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from extract.document import Block, Document

FORMAT = "1"  # grows when rows are made differently
MOST = 2000  # hits of one search that are told of one by one
_TABLES = """
CREATE TABLE IF NOT EXISTS document (source TEXT PRIMARY KEY, version TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, passage TEXT NOT NULL, page INTEGER NOT NULL, top REAL NOT NULL);
CREATE INDEX IF NOT EXISTS place_source ON place (source);
CREATE VIRTUAL TABLE IF NOT EXISTS body USING fts5 (words, tokenize = 'porter unicode61 remove_diacritics 2');
"""
_OPEN, _CLOSE = "\x02", "\x03"  # around what was found, in a snippet
_LEX = re.compile(r'"[^"]*"?|\(|\)|[^\s()"]+')
_NEAR = re.compile(r"near(?:/(\d{1,3}))?", re.IGNORECASE)
_WITHIN = 10  # words between two that are near each other, where no number is given
_ELSE = {"heading", "table", "caption", "footnote", "sidebar", "list item"}  # roles that passages may leave out


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the words sought stand."""

    source_id: str
    passage_id: str  # "" in a heading, a table, a caption or a footnote that is no passage
    page: int  # 1-based
    top: float  # points from the top of the page
    snippet: tuple[tuple[str, bool], ...]  # the words around it; True: this is what was found


class FullText:
    """The index of one review. Safe for several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"full-text-{FORMAT}.db"
        self._guard = threading.Lock()

    def bring_up_to_date(self, documents: Mapping[str, Document]) -> int:
        """Take in the texts that are new or were read anew, and let go of those that are gone; how many changed."""
        with self._guard, self._opened() as database:
            known = dict(database.execute("SELECT source, version FROM document"))
            wanted = {source: f"{document.sha256} {document.extractor}" for source, document in documents.items()}
            stale = [source for source, version in known.items() if wanted.get(source) != version]
            for source in stale:
                rows = "SELECT id FROM place WHERE source = ?"
                database.execute(f"DELETE FROM body WHERE rowid IN ({rows})", (source,))
                database.execute("DELETE FROM place WHERE source = ?", (source,))
                database.execute("DELETE FROM document WHERE source = ?", (source,))
            new = [source for source, version in wanted.items() if known.get(source) != version]
            for source in new:
                for passage, page, top, text in _rows(documents[source]):
                    given = (source, passage, page, top)
                    at = database.execute("INSERT INTO place (source, passage, page, top) VALUES (?,?,?,?)", given)
                    database.execute("INSERT INTO body (rowid, words) VALUES (?,?)", (at.lastrowid, text))
                database.execute("INSERT INTO document VALUES (?,?)", (source, wanted[source]))
            database.commit()
            return len(stale) + len(new)

    def search(self, sought: str, *, source_id: str = "", limit: int = 50, skip: int = 0) -> tuple[int, list[Hit]]:
        """How many places there are, and the best `limit` of them after `skip`. ValueError: it can't be understood."""
        expression = query_of(sought)
        where = "body MATCH ?" + (" AND place.source = ?" if source_id else "")
        given = [expression, *([source_id] if source_id else [])]
        joined = "FROM body JOIN place ON place.id = body.rowid"
        snippet = f"snippet(body, 0, '{_OPEN}', '{_CLOSE}', '…', 40)"
        with self._guard, self._opened() as database:
            try:
                (count,) = database.execute(f"SELECT count(*) {joined} WHERE {where}", given).fetchone()
                rows = database.execute(
                    f"SELECT place.source, passage, page, top, {snippet} {joined} WHERE {where} "
                    "ORDER BY bm25(body), place.id LIMIT ? OFFSET ?",
                    [*given, limit, skip],
                ).fetchall()
            except sqlite3.OperationalError as error:
                raise ValueError(f"this search can't be understood ({error}): see the examples") from None
        return count, [Hit(row[0], row[1], row[2], row[3], _pieces(row[4])) for row in rows]

    def _opened(self) -> closing[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
        try:
            database.executescript(_TABLES)
        except sqlite3.DatabaseError:  # a cache: what can't be read is made again
            database.close()
            self._path.unlink(missing_ok=True)
            database = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
            database.executescript(_TABLES)
        return closing(database)


def query_of(sought: str) -> str:
    """The search as FTS5 wants it: `women and girls` needs both words, `"poor harvest" OR drought` either.

    AND, OR and NOT are written in capitals; `delay NEAR payment` and `delay NEAR/5 payment` want the two words close to
    each other; `transf*` is the beginning of a word. Everything else is words, whatever signs are in them.
    ValueError: there is nothing to look for.
    """
    out: list[str] = []
    tokens = _LEX.findall(sought)[:60]
    for number, token in enumerate(tokens):
        near = _NEAR.fullmatch(token)
        if token in ("(", ")") or token in ("AND", "OR", "NOT"):
            out.append(token)
        elif near and token[:4] == "NEAR" and 0 < number < len(tokens) - 1:
            out.append(f"NEAR/{near[1] or _WITHIN}")
        elif word := _word(token):
            out.append(word)
    if not any(token.startswith('"') for token in out):
        raise ValueError("type a word to look for")
    return " ".join(_with_and(_with_near(out)))


def _word(token: str) -> str:
    words = re.findall(r"\w+", token.replace("_", " "))
    return f'"{" ".join(words)}"' + ("*" if token.endswith("*") else "") if words else ""


def _with_near(tokens: list[str]) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.startswith("NEAR/"):
            after = tokens[at + 1] if at + 1 < len(tokens) else ""
            if out and out[-1].startswith('"') and after.startswith('"'):
                out[-1] = f"NEAR({out[-1]} {after}, {token[5:]})"
                at += 1
        else:
            out.append(token)
        at += 1
    return out


def _with_and(tokens: list[str]) -> Iterator[str]:
    """Two words beside each other are both wanted."""
    before = ""
    for token in tokens:
        begins = token not in ("AND", "OR", "NOT", ")")
        if before and begins and before not in ("AND", "OR", "NOT", "("):
            yield "AND"
        yield token
        before = token


def _pieces(snippet: str) -> tuple[tuple[str, bool], ...]:
    pieces = []
    for number, piece in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", snippet)):
        if piece:
            pieces.append((" ".join(piece.split()) if number % 2 else piece.replace("\n", " "), bool(number % 2)))
    return tuple(pieces)


def _rows(document: Document) -> Iterator[tuple[str, int, float, str]]:
    covered: list[tuple[int, int]] = []
    for passage in document.passages:
        covered += passage.spans
        yield passage.id, passage.page, passage.boxes[0].top, passage.text
    covered.sort()
    for block in document.blocks:
        if block.role in _ELSE and not _within(block, covered):
            start, end = block.span
            yield "", block.box.page, block.box.top, " ".join(document.text[start:end].split())


def _within(block: Block, covered: list[tuple[int, int]]) -> bool:
    start, end = block.span
    return any(start < to and from_ < end for from_, to in covered)
