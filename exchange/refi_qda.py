"""REFI-QDA, the exchange format of NVivo, ATLAS.ti, MAXQDA, QualCoder and others: names, ids and codes.

Source: REFI-QDA Standard 1.5 and its schemas of 18 March 2019 (qdasoftware.org).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID, uuid5

from lxml import etree

from annotations.codes import CodeNode
from exchange.coded_review import User
from exchange.plain_text import clean
from models.codebook.codebook import Codebook, Theme

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
# Every id is made from what it names: a second export has the same ids, and a program that has the project already
# can tell what is new.
_IDS = UUID("6f1d2c0e-5b0a-5d0f-9a53-2f4a7c3b9e61")
# Okabe and Ito's colours, which people with any kind of colour vision tell apart.
_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#F0E442", "#999999")
NOTHING: Mapping[str, Any] = MappingProxyType({})
EVIDENCE, ABSENT = "with evidence", "judged absent"
ABSENT_GROUP = "Judged absent"


class XmlFile(Protocol):
    """A file that lxml writes element by element (`lxml.etree.xmlfile`, which comes without types)."""

    def element(self, tag: str, attributes: Mapping[str, str] | None = None, /) -> AbstractContextManager[object]:
        """Open an element for the time of a block."""

    def write(self, content: etree._Element, /) -> None:
        """Write a whole element."""


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code of a project as Jaiza writes it: a theme with a value."""

    theme: str
    value: int

    @property
    def guid(self) -> str:
        """Its id in every project."""
        return guid("code", self.theme, str(self.value))


def guid(*what: str) -> str:
    """The id of something, made from its name."""
    return str(uuid5(_IDS, "\x1f".join(what)))


def user_guid(user: User) -> str:
    """The id of a user."""
    return guid("user", user.kind, user.name)


def source_guid(source_id: str) -> str:
    """The id of a study."""
    return guid("source", source_id)


def default_namespace(namespace: str) -> Any:
    """The nsmap under which elements of `namespace` need no prefix (None is its key, which the stubs don't know)."""
    return {None: namespace}


def codes(
    codebook: Codebook,
    namespace: str,
    *,
    values: bool,
    others: Collection[str] = (),
    own: Mapping[str, Sequence[CodeNode]] = NOTHING,
    notes: Mapping[str, Sequence[str]] = NOTHING,
) -> etree._Element:
    """The <Codes> element. With `values` every theme has the code of strength 2 below it, and a group of codes for
    what was judged absent stands apart: no program's sum over a theme counts a rejection as a finding. `others` are
    themes that decisions have and the codebook no longer has. `own` are people's codes under each theme, free ones
    under ""; `notes` the ids of the notes on a theme or code."""
    top = etree.Element(f"{{{namespace}}}Codes", nsmap=default_namespace(namespace))
    made: dict[str, etree._Element] = {}
    for place, theme in enumerate(sorted(codebook.themes, key=lambda theme: bool(theme.counts_under))):
        parent = made[theme.counts_under] if theme.counts_under else top
        made[theme.code] = _code(
            parent, RefiCode(theme.code, 1), f"{theme.code} {theme.name}", _COLOURS[place % len(_COLOURS)]
        )
        etree.SubElement(made[theme.code], f"{{{namespace}}}Description").text = clean(_description(theme))
    for theme_code in sorted(others):
        made[theme_code] = _code(top, RefiCode(theme_code, 1), theme_code, _COLOURS[-1])
    names = {code: code for code in made}
    for theme_code, nodes in own.items():
        _own_codes(made.get(theme_code, top), nodes, made, names)
    for code, note_ids in notes.items():
        if code in made:
            _refer(made[code], note_ids)
    if values:
        for code, parent in made.items():
            _code(parent, RefiCode(code, 2), f"{names[code]} {EVIDENCE}", parent.get("color") or "")
        group = etree.SubElement(top, f"{{{namespace}}}Code", guid=guid("codes judged absent"), name=ABSENT_GROUP)
        group.set("isCodable", "false")
        for code in made:
            _code(group, RefiCode(code, 0), f"{names[code]} {ABSENT}", "#BBBBBB")
    return top


def _own_codes(
    parent: etree._Element, nodes: Sequence[CodeNode], made: dict[str, etree._Element], names: dict[str, str]
) -> None:
    """People's own codes below `parent`, each with those under it."""
    for node in nodes:
        code = node.code
        below = _code(parent, RefiCode(code.code_id, 1), code.name, code.colour or parent.get("color") or _COLOURS[-1])
        if code.definition:
            etree.SubElement(below, f"{{{etree.QName(below).namespace}}}Description").text = clean(code.definition)
        made[code.code_id], names[code.code_id] = below, code.name
        _own_codes(below, node.parts, made, names)


def _refer(code: etree._Element, note_ids: Sequence[str]) -> None:
    """The notes on a code, behind its description and before the codes below it."""
    place = sum(etree.QName(child).localname == "Description" for child in code)
    namespace = etree.QName(code).namespace
    for number, note_id in enumerate(note_ids):
        code.insert(place + number, etree.Element(f"{{{namespace}}}NoteRef", targetGUID=note_id))


def _code(parent: etree._Element, code: RefiCode, name: str, colour: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    made = etree.SubElement(parent, f"{{{namespace}}}Code", guid=code.guid, name=clean(name), isCodable="true")
    made.set("color", colour)
    return made


def _description(theme: Theme) -> str:
    return "\n".join(_lines(theme))


def _lines(theme: Theme) -> Iterator[str]:
    yield theme.definition
    parts: Iterable[tuple[str, tuple[str, ...]]] = (
        ("Coded here:", theme.include),
        ("Not coded here:", theme.exclude),
        ("Examples:", theme.examples),
        ("Borderline:", theme.borderline),
    )
    for title, rules in parts:
        if rules:
            yield ""
            yield title
            yield from (f"- {rule}" for rule in rules)
