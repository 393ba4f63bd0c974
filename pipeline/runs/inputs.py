"""What the results of a run depend on, as hashes: the same inputs give the same results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from corpus.digest import digest
from corpus.json_table import JsonObject, JsonTable
from corpus.packages import PACKAGES
from corpus.registry.edition_links import counted, load_links
from corpus.registry.screening import load_criteria, screen_all
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from models.codebook.codebook import load_codebook
from models.codebook.recoding import load_recoding
from pipeline.documents.source_result import SourceResult
from synthesis.audit.claims import load_claims
from synthesis.patterns.subthemes import FILE as SUBTHEMES
from synthesis.patterns.subthemes import read_namings
from synthesis.runs.event_counts import EventCounts

HASHED = ("code", "settings", "sources", "screening", "codebook", "claims", "subthemes", "decisions")  # of `run_inputs`


def run_inputs(
    workspace: Workspace,
    sources: Sequence[Source],
    results: Sequence[SourceResult],
    log_head: str,
    *,
    include_proposed: bool,
    events: EventCounts,
    calibration: str = "",
) -> JsonObject:
    """Everything the results depend on, as hashes: the same inputs give the same results."""
    codebook, sources = load_codebook(workspace), counted(sources, load_links(workspace, sources))
    settings = {key: value for key, value in asdict(workspace.review).items() if key != "store"}
    return {
        "code": _code_hash(),
        "settings": digest(settings),
        "sources": digest([asdict(source) for source in sources]),
        "screening": digest([asdict(one) for one in screen_all(sources, load_criteria(workspace))]),
        "codebook": codebook.revision,
        "claims": digest(repr(load_claims(workspace, codebook))),
        "subthemes": digest(repr(read_namings(workspace.root / SUBTHEMES, codebook))),
        "decisions": log_head,
        "events": asdict(events),
        "coding": digest(asdict(workspace.review.coding)),
        "recoding": digest([asdict(one) for one in load_recoding(workspace)]),
        "include_proposed": include_proposed,
        "calibration": calibration,
        "documents": {
            done.outcome.source_id: [
                done.outcome.sha256 or [done.outcome.state, done.outcome.message, done.outcome.remedy],
                done.reading.extractor if done.reading else "",
                (done.reading.failure or done.reading.state) if done.reading else "",
                done.reading.model_id if done.reading else "",
            ]
            for done in results
        },
    }


def same_as_latest(workspace: Workspace, inputs: JsonTable) -> tuple[Path, JsonObject] | None:
    """The folder of the latest results and their run.json, if their inputs were these and they are all there."""
    record = workspace.out / "latest" / "run.json"
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
        folder = record.parent.resolve()
        complete = all((folder / name).stat().st_size == size for name, size in found["files"].items())
        same = found["inputs"] == json.loads(json.dumps(inputs)) and {"counts", "frequencies", "audit"} <= found.keys()
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return (folder, found) if complete and same else None


def _code_hash() -> str:
    """Of the program itself: results made by other code are other results."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent.parent
    for room in PACKAGES:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".html", ".toml", ".css", ".js"):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
