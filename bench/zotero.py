"""What Zotero makes of the references that go out: `python -m bench.zotero FOLDER`.

FOLDER holds clones of zotero/translators, zotero/utilities and zotero/zotero-schema under these names, and what
`npm install jsdom` puts there; node runs Zotero's own translators (zotero_import.js). A work of every kind, with every
fact a work can have, is written as RIS, BibTeX and CSL-JSON. Printed is what Zotero takes it for in each, and the facts
that do not arrive.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from corpus.registry.sources import Candidate, Source
from exchange.writers.references import BibliographicRecord, bibtex_entry, csl_item, ris_record

_FORMATS: Mapping[str, tuple[str, Callable[[BibliographicRecord], str]]] = {
    "RIS": ("RIS", ris_record),
    "BibTeX": ("BibTeX", bibtex_entry),
    "CSL-JSON": ("CSL JSON", lambda record: json.dumps([csl_item(record)], ensure_ascii=False)),
}
_PEOPLE = ("Khan, Amina B.", "de la Cruz, José", "World Bank")
_CONTAINERS = (
    "publicationTitle", "bookTitle", "proceedingsTitle", "conferenceName", "seriesTitle", "series", "websiteTitle",
)  # fmt: skip
_PUBLISHERS = ("publisher", "institution", "university", "company", "repository")


def main(folder: Path) -> None:
    """Print a line for every kind of work: the type in Zotero from each format, and the facts that did not arrive."""
    kinds = tomllib.loads((files("corpus.reference_lists") / "kinds.toml").read_text("utf-8"))
    print(f"{'kind':<20}" + "".join(f"{name:<20}" for name in _FORMATS) + "lost on the way")
    for kind in kinds:
        record = _record(kind)
        found = {name: _in_zotero(folder, translator, write(record)) for name, (translator, write) in _FORMATS.items()}
        told = "".join(f"{item.get('itemType', '?'):<20}" for item in found.values())
        lost = {name: list(_lost(record, item)) for name, item in found.items()}
        print(f"{kind:<20}{told}" + "; ".join(f"{name}: {', '.join(them)}" for name, them in lost.items() if them))


def _in_zotero(folder: Path, translator: str, text: str) -> Mapping[str, object]:
    here = Path(__file__).with_name("zotero_import.js")
    schema = folder / "zotero-schema" / "schema.json"
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        call = ["node", here, folder / "translators", folder / "utilities", schema, translator, file.name]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{translator}: {done.stderr.strip()[-500:]}")
    answer = json.loads(done.stdout)
    if not answer["known"] or len(answer["items"]) != 1:
        return {"itemType": f"{len(answer['items'])} items" if answer["known"] else "not known"}
    item: Mapping[str, object] = answer["items"][0]
    return item


def _lost(record: BibliographicRecord, item: Mapping[str, object]) -> Iterator[str]:
    """The facts of `record` that `item` has nowhere, or in another place."""
    source, text = record.source, {name: str(value) for name, value in item.items()}
    said = " ".join(text.values())
    creators = item.get("creators")
    names = [_name(one) for one in creators] if isinstance(creators, list) else []
    facts: Sequence[tuple[str, bool]] = (
        ("title", record.title in (text.get("title"), text.get("nameOfAct"))),
        ("people", names == list(_PEOPLE)),
        ("year", str(source.year) in (text.get("date", "")[:4], text.get("dateEnacted", "")[:4])),
        ("journal or book", any(text.get(name) == record.container_title for name in _CONTAINERS)),
        ("publisher", any(record.publisher in text.get(name, "") for name in (*_PUBLISHERS, "extra"))),
        ("volume", text.get("volume") == source.volume or f"olume: {source.volume}" in said),
        ("issue", source.issue in [text.get(name) for name in ("issue", "number", "reportNumber", "seriesNumber")]),
        ("pages", source.pages in text.get("pages", "").replace("–", "-") or source.pages in said),
        ("DOI", source.doi in said),
        ("address", source.candidates[0].url in said),
        ("language", text.get("language") == source.language),
        ("abstract", text.get("abstractNote") == record.abstract),
        ("keywords", all(word in str(item.get("tags")) for word in record.keywords)),
        ("PubMed number", source.pmid in said),
    )
    return (name for name, there in facts if not there)


def _name(creator: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (creator.get("lastName", ""), creator.get("firstName", "")))) or creator.get(
        "name", ""
    )


def _record(kind: str) -> BibliographicRecord:
    source = Source(
        "khan-2016",
        "Khan (2016)",
        "Zakat & {relief}: 50% more, a_b Étude",
        _PEOPLE,
        2016,
        publisher="Example House",
        kind=kind,
        language="English",
        doi="10.1234/ab_c.1",
        container_title="Annals of Relief",
        volume="12",
        issue="3",
        pages="101-109",
        pmid="123456",
        candidates=(Candidate("https://x.example/a_b.pdf?x=1&y=2", "pdf", "seen"),),
    )
    return BibliographicRecord(source, ("Governance weaknesses", "cash"), "Stipends are paid, 5 < 6 & more.", "N.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
