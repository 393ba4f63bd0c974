"""Files as no program writes them: whatever is in them, every reader reads them or refuses them in a line, in time."""

from __future__ import annotations

import io
import os
import random
import tempfile
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.faults.files import read_one
from bench.faults.kinds import KINDS, FileKind
from bench.faults.mutations import TOKENS, mutated
from bench.faults.tally import files_under
from corpus.registry.sources import Source
from corpus.workspace import Review
from models.codebook.codebook import Theme
from synthesis.audit.claims import Claim

TIMES = int(os.environ.get("JAIZA_FUZZ", "1"))  # `make fuzz` tries more, and others each time
BY_NAME = {kind.name: kind for kind in KINDS}
QUICK = [kind for kind in KINDS if kind.cost == 1]
SLOW = [kind for kind in KINDS if kind.cost in (2, 4)]
PDFS = [kind for kind in KINDS if kind.cost > 4]


def fuzz(examples: int) -> Any:
    return settings(
        max_examples=examples * TIMES, deadline=None, derandomize=TIMES == 1, suppress_health_check=list(HealthCheck)
    )


def check(kind: FileKind, data: bytes) -> None:
    """Nothing but an error in one line, and nothing left beside the file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "inside")
        folder.mkdir()
        assert read_one(kind, data, folder) == "", kind.name
        assert files_under(Path(place), but=folder) == {}


def _changed(kind: FileKind, number: int) -> bytes:
    dice, seeds = random.Random(number), kind.seeds()
    return mutated(dice.choice(seeds), dice, seeds)


NUMBERS = st.integers(0, 2**40)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_good_ones_are_read(kind: FileKind, tmp_path: Path) -> None:
    if kind.cost > 4:
        pytest.skip("reading PDFs has tests of its own")
    path = tmp_path / f"given{kind.suffix}"
    path.write_bytes(kind.seeds()[0])
    kind.read(path)


@fuzz(100)
@given(st.sampled_from(QUICK), NUMBERS)
def test_changed_texts_are_read_or_refused(kind: FileKind, number: int) -> None:
    check(kind, _changed(kind, number))


@fuzz(16)
@given(st.sampled_from(SLOW), NUMBERS)
def test_changed_archives_and_databases_are_read_or_refused(kind: FileKind, number: int) -> None:
    check(kind, _changed(kind, number))


@fuzz(2)
@given(st.sampled_from(PDFS), NUMBERS)
def test_changed_pdfs_are_read_or_get_a_state(kind: FileKind, number: int) -> None:
    check(kind, _changed(kind, number))


# Values that TOML can hold, under keys that a file has: right keys with wrong values come further than wrong files.
VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.datetimes()
    | st.dates()
    | st.text(max_size=12)
    | st.sampled_from([token.decode("utf-8", "replace") for token in TOKENS if len(token) < 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def _tables(type_: type, *others: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = [one.name for one in fields(type_)] + list(others)
    return st.dictionaries(st.sampled_from(keys), VALUES, max_size=5)


def _lists(name: str, type_: type, /, **right: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A file of [[name]] blocks, each with what it needs and then something odd."""
    block = _tables(type_).map(lambda odd: {**right, **odd})
    return st.fixed_dictionaries({name: st.lists(block, max_size=3)}, optional={"title": VALUES, "studies": VALUES})


FILES = st.one_of(
    st.tuples(st.just("registry"), _lists("source", Source, id="a-2020", label="A (2020)")),
    st.tuples(st.just("review settings"), _tables(Review, "extract", "pull", "coding", "screening", "schedule")),
    st.tuples(st.just("codebook"), _lists("theme", Theme, code="GW", name="n", definition="d")),
    st.tuples(st.just("claims"), _lists("claim", Claim, id="C1", quote="so", theme="GW", count=3)),
)


@fuzz(100)
@given(FILES)
def test_right_keys_with_odd_values_are_read_or_refused(file: tuple[str, dict[str, Any]]) -> None:
    name, table = file
    try:
        data = tomli_w.dumps(table).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError):
        return
    check(BY_NAME[name], data)


def _workbook_that_begins_before_itself() -> bytes:
    """An archive whose table of contents says that its files begin before the first byte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    data = made.getvalue()
    end = data.rindex(b"PK\x05\x06") + 16
    return data[:end] + (int.from_bytes(data[end : end + 4], "little") + 300).to_bytes(4, "little") + data[end + 4 :]


# Found: each was a traceback.
CASES = [
    ("list as a workbook", _workbook_that_begins_before_itself()),
    ("codings as a workbook", _workbook_that_begins_before_itself()),
    ("REFI-QDA project", _workbook_that_begins_before_itself()),
    ("backup", _workbook_that_begins_before_itself()),
    ("Zotero RDF", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><f:bib:Report/></rdf:RDF>'),
    ("REFI-QDA codebook", b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>\n\x00</Codes></CodeBook>'),
    ("claims as a table", b"id,quote,theme,count\nC1,so it is,GW,3\n"),
]


@pytest.mark.parametrize(("name", "data"), CASES)
def test_what_once_hurt_is_refused_in_a_line(name: str, data: bytes) -> None:
    check(BY_NAME[name], data)
