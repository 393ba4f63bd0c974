"""What Jaiza is made of: `python -m bench.audit` (or `make audit`) lists every pinned package with its licence, writes
the list as a CycloneDX bill of materials, and asks an advisory database for known faults where it can be reached.

The database is OSV (https://google.github.io/osv.dev/post-v1-querybatch/), asked with names and versions only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from corpus.workspace import VERSION

LOCK = Path(__file__).parent.parent / "requirements.lock"
DATABASE = "https://api.osv.dev/v1/querybatch"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_SECONDS = 30.0
_LONGEST = 60  # characters of a licence; longer ones are texts, not names


@dataclass(frozen=True, slots=True)
class Pinned:
    """A package of the lock."""

    name: str
    version: str
    licence: str = ""  # as the package says; empty where it is not installed here, or says none


def pinned_packages(lock: str) -> tuple[Pinned, ...]:
    """The packages of a lock file in its order, with the licences of those that are installed here."""
    return tuple(Pinned(name, version, _licence(name)) for name, version in _PINNED.findall(lock))


def bill_of_materials(packages: Sequence[Pinned]) -> dict[str, object]:
    """The packages as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/); the same for the same packages."""
    content = ",".join(f"{one.name}=={one.version}" for one in packages)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "jaiza", "version": VERSION}},
        "components": [
            {
                "type": "library",
                "name": one.name,
                "version": one.version,
                "purl": f"pkg:pypi/{one.name.lower()}@{one.version}",
                **({"licenses": [{"license": {"name": one.licence}}]} if one.licence else {}),
            }
            for one in packages
        ],
    }


def known_faults(packages: Sequence[Pinned], database: str) -> dict[str, list[str]]:
    """Ids of advisories by "name==version". OSError: the database can't be reached; ValueError: its answer is none."""
    queries = [
        {"package": {"name": one.name, "ecosystem": "PyPI"}, "version": one.version.partition("+")[0]}
        for one in packages
    ]
    request = urllib.request.Request(
        database, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        results = json.load(answer)["results"]
    if len(results) != len(packages):
        raise ValueError(f"{len(results)} answers to {len(packages)} questions")
    found = {
        f"{one.name}=={one.version}": [str(fault["id"]) for fault in result.get("vulns", ())]
        for one, result in zip(packages, results, strict=True)
    }
    return {name: faults for name, faults in found.items() if faults}


def _licence(name: str) -> str:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    for said in (about.get("License-Expression"), about.get("License"), " / ".join(classified)):
        if said and len(said) <= _LONGEST and "\n" not in said:
            return str(said)
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. 0: no known fault; 1: there is one; 2: the database could not be asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.audit", description=__doc__)
    parser.add_argument("--sbom", type=Path, default=Path("sbom.json"), help="file for the bill of materials")
    parser.add_argument("--database", default=DATABASE)
    given = parser.parse_args(arguments)
    packages = pinned_packages(LOCK.read_text(encoding="utf-8"))
    for one in packages:
        print(f"{one.name:32} {one.version:14} {one.licence or 'not installed here, or it says none'}")
    given.sbom.write_text(json.dumps(bill_of_materials(packages), indent=1) + "\n", encoding="utf-8")
    print(f"\n{len(packages)} packages; bill of materials (CycloneDX) in {given.sbom}")
    try:
        faults = known_faults(packages, given.database)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{given.database} could not be asked ({error}): nothing is known about faults", file=sys.stderr)
        return 2
    for name, ids in faults.items():
        print(f"{name}: {', '.join(ids)}")
    print(f"known faults: {sum(map(len, faults.values()))} in {len(faults)} packages")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
