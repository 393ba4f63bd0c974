"""Kinds of work and languages in the words of the registry, from those of the formats (kinds.toml, languages.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Format = Literal["ris", "bibtex", "csl"]
UNKNOWN = "unknown"
_READ = ("ris", "bibtex", "csl", "zotero", "other")


@cache
def _kinds() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads((files(__package__) / "kinds.toml").read_text(encoding="utf-8"))


@cache
def _kind_by_name() -> Mapping[tuple[str, str], str]:
    """(format, name in lower case) -> kind of the registry."""
    found: dict[tuple[str, str], str] = {}
    for kind, names in _kinds().items():
        found["registry", kind] = kind
        for format_ in _READ:
            given = names.get(format_, [])
            for name in given if isinstance(given, list) else []:
                found.setdefault((format_, str(name).lower()), kind)
    return found


def read_kind(name: str, format_: str, *, said: str = "") -> str:
    """The registry's kind for what `format_` calls `name`; "unknown" where it has none.

    `said` is what stands beside it in words (M3 in RIS): it counts where it is the name of a kind.
    """
    table = _kind_by_name()
    words = " ".join(said.lower().split())
    return (
        table.get(("registry", words))
        or table.get((format_, name.strip().lower()))
        or table.get(("other", name.strip().lower()))
        or table.get(("other", words))
        or UNKNOWN
    )


def written_kind(kind: str, format_: Format) -> str:
    """What `format_` calls works of `kind`: "evaluation report" is "RPRT" in RIS. A kind of one's own is "unknown"."""
    names = _kinds().get(kind) or _kinds()[UNKNOWN]
    own = names.get("written", {})
    given = own.get(format_) if isinstance(own, dict) else None
    listed = names.get(format_, [""])
    return str(given or (listed[0] if isinstance(listed, list) else ""))


@cache
def _language_by_name() -> Mapping[str, str]:
    table = tomllib.loads((files(__package__) / "languages.toml").read_text(encoding="utf-8"))
    return {name.lower(): language for language, names in table.items() for name in [language, *names]}


def read_language(text: str) -> str:
    """Languages by their English names: "en-US" gives "English", "eng; fre" gives "English; French".

    What is in no table stays as it is written.
    """
    table = _language_by_name()
    found = []
    for part in re.split(r"\s*[;,/|]\s*", text.strip()):
        name = part.strip().lower()
        bare = re.split(r"[-_ (]", name, maxsplit=1)[0]
        found.append(table.get(name) or table.get(bare) or part.strip())
    return "; ".join(dict.fromkeys(filter(None, found)))
