"""Every file that people write or that other programs may read: its schema here, the words on it in formats.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotations.decisions_csv import OPTIONAL, REQUIRED
from corpus.discovery.saved_searches import SavedSearch, SearchRecord
from corpus.outcome import Outcome
from corpus.registry.edition_links import Distinct, Link
from corpus.registry.extra_candidates import FurtherCandidate
from corpus.registry.intake_record import IntakeRecord
from corpus.registry.source_details import SourceDetails
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding
from corpus.workspace import Review
from docs.generator.schema import JsonSchema, of_tables, schema_of, with_all_optional
from extract.document import Document
from models.codebook.codebook import Theme
from models.codebook.recoding import Recoding
from models.codebook.rule import Rule
from models.registry.promotion import Promotion
from pipeline.runs.log import RunRecord
from synthesis.audit.audit import Audit
from synthesis.audit.claims import Claims
from synthesis.patterns.subthemes import Naming
from synthesis.statistics.frequency import Frequency

WORDS = Path(__file__).parent / "formats.toml"
TEXT: JsonSchema = {"type": "string"}
_LISTS = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One kind of file."""

    name: str  # as it is called in a review
    syntax: str  # "TOML", "JSON", "JSON lines" (the schema is that of a line), "CSV" (that of a row)
    said: str  # what it is for, and who writes it
    schema: JsonSchema
    example: str  # the whole of a small file, which a test reads with the program and with the schema; "": none


def _closed(title: str, said: dict[str, JsonSchema], required: tuple[str, ...]) -> JsonSchema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": said,
        "required": list(required),
        "additionalProperties": False,
    }


def _claims() -> JsonSchema:
    made = schema_of(Claims, title="claims.toml")
    return with_all_optional(made, but={"": (), "Claim": ()})


def _criteria() -> JsonSchema:
    from corpus.registry.screening import _KINDS

    return of_tables("screening.toml", dict(_KINDS))


def _seed() -> JsonSchema:
    labels: JsonSchema = {"type": "object", "additionalProperties": {"enum": [1, 2]}}
    said: dict[str, JsonSchema] = {
        "id": {**TEXT, "description": "unique in all files"},
        "doc": {**TEXT, "description": "its document: passages of one are learned from or tested on together"},
        "group": {**TEXT, "description": "several documents that rest on one source"},
        "genre": {**TEXT, "description": 'for example "public expenditure review"'},
        "text": TEXT,
        "labels": {**labels, "description": "theme to strength: 1 mentioned, 2 with evidence; {} for none"},
        "calibrate": {"type": "boolean", "description": "like the text of real reports: thresholds are set on it"},
    }
    return _closed("A line of seed/*.jsonl", said, ("id", "doc", "text", "labels"))


def _decisions() -> JsonSchema:
    said: dict[str, JsonSchema] = dict.fromkeys((*REQUIRED, *OPTIONAL), TEXT)
    said["value"] = {"enum": ["0", "1", "2", ""], "description": "empty takes a judgement back"}
    said["role"] = {"enum": ["coder", "adjudicator", ""]}
    return _closed("A row of a decisions file", said, REQUIRED)


def _published() -> JsonSchema:
    ticks: JsonSchema = {"enum": ["0", "1", "2", "✓", "?", ""], "description": "a column for each theme"}
    said: dict[str, JsonSchema] = {"source": TEXT, "label": TEXT}
    return {**_closed("A row of published.csv", said, ("source",)), "additionalProperties": ticks}


def _suggest_in() -> JsonSchema:
    return _closed("A line to be coded", {"id": TEXT, "text": TEXT}, ("id", "text"))


def _lock() -> JsonSchema:
    made = schema_of(dict[str, Holding], title="corpus.lock")
    holdings = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Holding"}}
    said: dict[str, JsonSchema] = {"format": {"const": 1}, "holdings": holdings}
    return {**_closed("corpus.lock", said, ("format", "holdings")), "$defs": made["$defs"]}


def _run() -> JsonSchema:
    number: JsonSchema = {"type": "number"}
    said: dict[str, JsonSchema] = {
        "run_id": {**TEXT, "description": "name of its folder in out/"},
        "generated": {**TEXT, "description": "ISO 8601, UTC"},
        "review": {**TEXT, "description": "title of the review"},
        "sample": {"type": "boolean", "description": "is everything invented?"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "frequencies": {"type": "array", "items": schema_of(Frequency, title="frequency")},
        "audit": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "verdict to claims"},
        "seconds": {"type": "object", "additionalProperties": number, "description": "by stage"},
        "stages": {"type": "object", "description": "work done and found, by stage"},
        "sources": {"type": "array", "items": {"type": "object"}, "description": "what became of each source"},
        "reopened": {"type": "array", "description": "finished studies whose text changed, with the coder"},
        "versions": {"type": "object", "additionalProperties": TEXT},
        "inputs": {"type": "object", "description": "hashes of all that the results depend on"},
        "files": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "bytes of each file"},
    }
    return _closed("run.json", said, tuple(said))


def _audit() -> JsonSchema:
    made = schema_of(Audit, title="audit.json")
    sample: JsonSchema = {**TEXT, "description": "there where everything is invented"}
    counts: JsonSchema = {"type": "object", "additionalProperties": {"type": "integer"}}
    made["properties"] |= {"sample": sample, "verdicts": counts, "audit": {"type": "null"}}
    return with_all_optional(made, but={"": (), "Claim": (), "ClaimFinding": ("claim", "verdict", "why")})


_SCHEMAS: dict[str, Callable[[], JsonSchema]] = {
    "review.toml": lambda: schema_of(Review, title="review.toml"),
    "sources.toml": lambda: of_tables("sources.toml", {"source": list[Source]}),
    "screening.toml": _criteria,
    "codebook.toml": lambda: of_tables("codebook.toml", {"title": str, "theme": list[Theme]}, required=("theme",)),
    "lexicon.toml": lambda: of_tables("lexicon.toml", {"groups": _LISTS, "cues": _LISTS, "rule": list[Rule]}),
    "seed/*.jsonl": _seed,
    "published.csv": _published,
    "decisions file": _decisions,
    "claims.toml": _claims,
    "links.toml": lambda: of_tables("links.toml", {"link": list[Link], "distinct": list[Distinct]}),
    "candidates.toml": lambda: of_tables("candidates.toml", {"candidate": list[FurtherCandidate]}),
    "searches.toml": lambda: of_tables("searches.toml", {"search": list[SavedSearch]}),
    "recoding.toml": lambda: of_tables("recoding.toml", {"change": list[Recoding]}),
    "subthemes.toml": lambda: of_tables("subthemes.toml", {"subtheme": list[Naming]}),
    "passages to code": _suggest_in,
    "records.jsonl": lambda: schema_of(SourceDetails, title="A line of records.jsonl"),
    "intakes.jsonl": lambda: schema_of(IntakeRecord, title="A line of intakes.jsonl"),
    "searches.jsonl": lambda: schema_of(SearchRecord, title="A line of searches.jsonl"),
    "corpus.lock": _lock,
    "outcomes.json": lambda: schema_of(list[Outcome], title="outcomes.json"),
    "runs/0007.json": lambda: schema_of(RunRecord, title="A record of a run"),
    "models/promotions.jsonl": lambda: schema_of(Promotion, title="A line of promotions.jsonl"),
    "run.json": _run,
    "audit.json": _audit,
    "document": lambda: schema_of(Document, title="A document as read"),
}


def file_formats() -> Iterator[FileFormat]:
    """All of them, in the order of formats.toml. KeyError: one has words and no schema, or a schema and no words."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    if left := set(_SCHEMAS) - set(words):
        raise KeyError(f"{WORDS.name} says nothing of {', '.join(sorted(left))}")
    for name, said in words.items():
        yield FileFormat(name, said["syntax"], said["said"], _SCHEMAS[name](), said.get("example", ""))


def file_name(one: FileFormat) -> str:
    """Name of its schema: "seed/*.jsonl" is "seed.jsonl.json"."""
    name = one.name.replace("/*", "").replace("/0007", "").rpartition("/")[2].replace(" ", "-")
    return name if name.endswith(".json") else f"{name}.json"
