"""The lexicon: rules that say by which phrases a theme is recognised, and the cues that take a phrase back."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from corpus.datafile import only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, shipped_codebook
from models.codebook.draft_rules import draft_rules
from models.codebook.rule import CUES, Rule

MOST_PHRASES = 4000  # of one entry; more is a slip in the braces and would eat memory

_GROUP = re.compile(r"@(\w+)")
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules and cues, ready to be matched."""

    rules: tuple[Rule, ...]
    cues: Mapping[str, tuple[str, ...]]  # "denied", "solved", ... -> phrases

    @property
    def revision(self) -> str:
        """First 12 hex digits of the sha256 of the content."""
        content = json.dumps(_fields_of(self), default=_fields_of, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def for_codebook(self, codebook: Codebook) -> Lexicon:
        """The shipped lexicon without the rules of themes that `codebook` does not have. A theme that has only the code
        of a shipped one, and neither its name nor its definition, is another theme."""
        shipped = {theme.code: {theme.name, theme.definition} for theme in shipped_codebook().themes}
        same = {
            theme.code for theme in codebook.themes if shipped.get(theme.code, set()) & {theme.name, theme.definition}
        }
        return Lexicon(tuple(rule for rule in self.rules if rule.theme in same), self.cues)


def _fields_of(one: Lexicon | Rule) -> dict[str, object]:
    """As `dataclasses.asdict`, without its copy of every phrase: a run asks for the revision several times."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


def load_lexicon(workspace: Workspace, codebook: Codebook) -> Lexicon:
    """The workspace's own lexicon.toml, or the shipped one reduced to the themes of `codebook`, with draft rules for
    the themes of which it knows nothing.

    DataFileError: a mistake in the file, or a rule of the workspace's own file for a theme that does not exist.
    """
    own = workspace.own_file("lexicon.toml")
    if own is None:
        shipped = shipped_lexicon().for_codebook(codebook)
        known = {rule.theme for rule in shipped.rules}
        draft = draft_rules(codebook, [code for code in codebook.codes if code not in known])
        return Lexicon((*shipped.rules, *draft), shipped.cues)
    lexicon = read_lexicon(own)
    for rule in lexicon.rules:
        if rule.theme not in codebook.codes:
            raise DataFileError(
                own,
                f"rule {rule.id!r}",
                f"unknown theme {rule.theme!r}",
                f"The codebook has {', '.join(codebook.codes)}",
            )
    return lexicon


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon that comes with Jaiza; read once."""
    with as_file(files("models") / "lexicon.toml") as path:
        return read_lexicon(path)


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon in the file at `path`; DataFileError names the entry with a mistake."""
    table = read_toml(path)
    only_keys(table, ("groups", "cues", "rule"), file=path)
    groups = to_dataclass(dict[str, tuple[str, ...]], table.get("groups", {}), file=path, where="groups")
    cues = to_dataclass(dict[str, tuple[str, ...]], table.get("cues", {}), file=path, where="cues")
    only_keys(cues, CUES, file=path, where="cues")
    rules: list[Rule] = []
    for number, entry in enumerate(table.get("rule", ()), start=1):
        name = entry.get("id", "") if isinstance(entry, dict) else ""
        where = f"rule {name!r}" if name else f"rule number {number}"
        rule = to_dataclass(Rule, entry, file=path, where=where)
        if rule.id in {known.id for known in rules}:
            raise DataFileError(path, where, "the id is used twice", "Give each rule an id of its own")
        if not rule.phrases:
            raise DataFileError(path, where, "has no phrases")
        phrases = _write_out(rule.phrases, groups, file=path, where=where)
        near = _write_out(rule.near, groups, file=path, where=where)
        rules.append(Rule(rule.id, rule.theme, phrases, rule.example, rule.counterexample, near, rule.despite))
    written: dict[str, tuple[str, ...]] = {
        cue: _write_out(cues.get(cue, ()), groups, file=path, where=f"cues.{cue}") for cue in CUES
    }
    return Lexicon(tuple(rules), written)


def _write_out(
    entries: tuple[str, ...], groups: Mapping[str, tuple[str, ...]], *, file: Path, where: str
) -> tuple[str, ...]:
    """Every form that `entries` stand for: "{low|weak} reach" gives "low reach" and "weak reach"."""
    forms: dict[str, None] = {}
    for entry in entries:
        for name in _GROUP.findall(entry):
            if name not in groups:
                raise DataFileError(file, where, f"no group {name!r}", f"The groups are {', '.join(groups)}")
        braced = _GROUP.sub(lambda found: "{" + "|".join(groups[found[1]]) + "}", entry)
        parts = _BRACES.split(braced)  # fixed, choice, fixed, choice, ... fixed
        if any("{" in part or "}" in part for part in parts):
            raise DataFileError(file, where, f"braces do not match in {entry!r}")
        choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
        combinations = itertools.islice(itertools.product(*choices), MOST_PHRASES + 1)
        written = [" ".join("".join(parts).split()) for parts in combinations]
        if len(written) > MOST_PHRASES:
            raise DataFileError(file, where, f"{entry!r} stands for more than {MOST_PHRASES} phrases", "Split it")
        forms.update(dict.fromkeys(form for form in written if form))
    return tuple(forms)
