"""The reference is what the code says now, and every file that it shows is read, by the program and by its schema."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from annotations.decisions_csv import published_decisions, read_decisions
from cli.main import jaiza
from corpus.discovery.saved_searches import load_search_history, load_searches
from corpus.outcome import Attempt, Outcome
from corpus.registry.edition_links import load_links
from corpus.registry.extra_candidates import load_further
from corpus.registry.intake_record import load_intakes
from corpus.registry.registry_file import load_sources
from corpus.registry.screening import load_criteria
from corpus.registry.source_details import load_details
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding, Holdings
from corpus.workspace import Workspace, open_workspace
from docs.generator.files import schema_files
from docs.generator.formats import FileFormat, file_formats, file_name
from docs.make_reference import FOLDER, reference_pages
from extract.cache import document_to_json
from extract.document import Document, Page
from models.codebook.codebook import Codebook, read_codebook, shipped_codebook
from models.codebook.lexicon import read_lexicon
from models.codebook.recoding import read_recoding
from models.labelled_passages import read_labelled
from models.registry.promotion import history
from models.suggest.jsonl import read_lines
from pipeline.outcomes import save_outcomes
from pipeline.runs.log import load_records, logged_run
from pipeline.runs.result_files import audit_json
from support.review_result import review
from synthesis.audit.claims import read_claims
from synthesis.matrix.coding import codings_tables
from synthesis.matrix.tables import cells_tables, csv_parts
from synthesis.patterns.subthemes import read_namings

ROOT = Path(__file__).parent.parent.parent
FORMATS = {one.name: one for one in file_formats()}
SHOWN = [one for one in FORMATS.values() if one.example]
SOURCES = [Source("khan-2016", "Khan (2016)"), Source("khan-report-2015", "Khan (2015)")]


def test_the_reference_is_what_the_code_says() -> None:
    made = reference_pages()
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*")}
    assert there == {name for name in made if not name.startswith("..")}, "run `make reference`"
    stale = [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make reference`"


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "files.md"])
def test_nothing_in_the_reference_is_without_an_explanation(name: str) -> None:
    rows = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.endswith("|  |")] == []
    assert len(rows) > 20


@pytest.mark.parametrize(("name", "schema"), list(schema_files()))
def test_every_schema_is_one(name: str, schema: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema))


def _codebook(folder: Path) -> Codebook:
    path = folder / "codebook.toml"
    path.write_text(FORMATS["codebook.toml"].example, encoding="utf-8")
    return read_codebook(path)


# How the program reads each file; what comes back is something where all went well.
READERS: dict[str, Callable[[Workspace, Path, Codebook], object]] = {
    "review.toml": lambda workspace, path, codebook: workspace.review.coding.coders,
    "sources.toml": lambda workspace, path, codebook: load_sources(workspace),
    "screening.toml": lambda workspace, path, codebook: load_criteria(workspace),
    "codebook.toml": lambda workspace, path, codebook: read_codebook(path).themes,
    "lexicon.toml": lambda workspace, path, codebook: read_lexicon(path).rules,
    "seed/*.jsonl": lambda workspace, path, codebook: read_labelled([path], themes=codebook.codes),
    "published.csv": lambda workspace, path, codebook: published_decisions(
        workspace, codebook, sources=["khan-2016"]
    ),
    "decisions file": lambda workspace, path, codebook: read_decisions(
        path, sources=["khan-2016"], codebook=codebook
    ),
    "claims.toml": lambda workspace, path, codebook: read_claims(path, codebook).claim,
    "links.toml": lambda workspace, path, codebook: load_links(workspace, SOURCES).links,
    "candidates.toml": lambda workspace, path, codebook: load_further(workspace),
    "searches.toml": lambda workspace, path, codebook: load_searches(workspace),
    "recoding.toml": lambda workspace, path, codebook: read_recoding(path),
    "subthemes.toml": lambda workspace, path, codebook: read_namings(path, codebook),
    "passages to code": lambda workspace, path, codebook: list(
        read_lines(path.read_text(encoding="utf-8").splitlines(), file=path.name)
    ),
    "records.jsonl": lambda workspace, path, codebook: load_details(workspace),
    "intakes.jsonl": lambda workspace, path, codebook: load_intakes(workspace),
    "searches.jsonl": lambda workspace, path, codebook: load_search_history(workspace),
    "models/promotions.jsonl": lambda workspace, path, codebook: history(workspace),
}  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in SHOWN])
def test_every_file_that_is_shown_is_read_by_the_program(name: str, tmp_path: Path) -> None:
    review, outside = tmp_path / "review", " " in name
    review.mkdir()
    (review / "review.toml").write_text("shipped_sources = false\n", encoding="utf-8")
    path = (tmp_path if outside else review) / name.replace("*", "a")
    path.parent.mkdir(exist_ok=True)
    path.write_text(FORMATS[name].example, encoding="utf-8")
    assert READERS[name](open_workspace(review), path, _codebook(tmp_path))


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.name)
def test_every_file_that_is_shown_fits_its_schema(one: FileFormat) -> None:
    for part in _parts(one.syntax, one.example):
        jsonschema.validate(part, one.schema)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("sources.toml", "corpus/sources.toml"),
        ("sources.toml", "corpus/sample/sources.toml"),
        ("screening.toml", "corpus/screening.toml"),
        ("codebook.toml", "models/codebook.toml"),
        ("lexicon.toml", "models/lexicon.toml"),
        ("claims.toml", "synthesis/audit/claims.toml"),
        ("published.csv", "annotations/published.csv"),
        ("decisions file", "corpus/sample/decisions.csv"),
        ("review.toml", "corpus/sample/review.toml"),
    ],
)
def test_every_file_that_is_shipped_fits_its_schema(name: str, path: str) -> None:
    for part in _parts(FORMATS[name].syntax, (ROOT / path).read_text(encoding="utf-8")):
        jsonschema.validate(part, FORMATS[name].schema)


def test_the_shipped_seed_fits_its_schema() -> None:
    validator = jsonschema.Draft202012Validator(FORMATS["seed/*.jsonl"].schema)
    for path in (ROOT / "models" / "seed").glob("*.jsonl"):
        for part in _parts("JSON lines", path.read_text(encoding="utf-8")):
            assert validator.is_valid(part)


def test_what_the_program_keeps_fits_its_schema(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    Holdings(workspace).record(Holding("khan-2016", "a" * 64, 12, "pulled", "2026-11-02T09:00:00+00:00"))
    outcome = Outcome("khan-2016", "unreachable", "1 address tried", attempts=(Attempt("https://example.org", "404"),))
    save_outcomes(workspace, [outcome])
    with logged_run(workspace, "jaiza run"):
        pass
    kept = {"corpus.lock": workspace.root / "corpus.lock", "outcomes.json": tmp_path / "outcomes.json"}
    for name, path in kept.items():
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), FORMATS[name].schema)
    for record in load_records(workspace):
        jsonschema.validate(asdict(record), FORMATS["runs/0007.json"].schema)
    document = Document("a" * 64, "1", "read", pages=(Page(1, "i", 595.0, 842.0, True),))
    jsonschema.validate(json.loads(document_to_json(document)), FORMATS["document"].schema)


def test_what_a_run_writes_fits_its_schema() -> None:
    made = review()
    jsonschema.validate(json.loads(audit_json(made)), FORMATS["audit.json"].schema)
    jsonschema.validate(json.loads(audit_json(replace(made, audit=None, sample=True))), FORMATS["audit.json"].schema)
    schemas = {name: json.loads(text) for name, text in schema_files()}
    tables = {
        "cells.csv": csv_parts(cells_tables(made.cells, made.sources, made.screenings)),
        "codings.csv": csv_parts(codings_tables(made.codings, made.labels)),
    }
    for name, parts in tables.items():
        rows = list(_parts("CSV", b"".join(parts).decode("utf-8-sig")))
        assert rows
        for row in rows:
            jsonschema.validate(row, schemas[f"{name}.json"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("review.toml", 'titel = "a"\n'),
        ("codebook.toml", 'theme = [{ code = "A" }]\n'),
        ("links.toml", '[[link]]\nsource = "a"\nof = "b"\n'),
        ("sources.toml", '[[source]]\nid = "a"\nlabel = "A"\nyear = "2016"\n'),
    ],
)
def test_a_schema_refuses_what_the_program_refuses(name: str, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), FORMATS[name].schema)


def test_the_files_that_init_writes_fit_their_schemas(tmp_path: Path) -> None:
    assert CliRunner().invoke(jaiza, ["init", str(tmp_path / "own")]).exit_code == 0
    written = {path.name: path for path in (tmp_path / "own").rglob("*.toml")}
    assert {"review.toml", "codebook.toml", "lexicon.toml", "screening.toml"} <= set(written)
    for name, path in written.items():
        for part in _parts("TOML", path.read_text(encoding="utf-8")):
            jsonschema.validate(part, FORMATS[name].schema)


def test_every_schema_has_a_name_of_its_own() -> None:
    names = [file_name(one) for one in FORMATS.values()]
    assert len(names) == len(set(names))
    assert shipped_codebook().codes  # the examples are on another topic than what is shipped
    assert "DEC" not in shipped_codebook().codes


def _parts(syntax: str, text: str) -> Iterator[Any]:
    if syntax == "TOML":
        yield tomllib.loads(text)
    elif syntax == "CSV":
        yield from csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    else:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
