"""HTML and LaTeX in the titles, names and abstracts of reference lists, turned into text."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache, lru_cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# A longer text is not given to pylatexenc, which takes 13 ms for each 1,000 characters: only its braces go.
LONGEST_LATEX = 20_000

_TAG_NAMES = (
    "a|abbr|b|bold|br|cite|code|div|em|font|h[1-6]|hr|i|inf|italic|li|ol|p|sc|section|small|span|strong|style|sub|sup|"
    "u|ul"
)
_TAG = re.compile(rf"</?(?:(?:{_TAG_NAMES})(?:\s[^<>]*)?|(?:jats|mml|xhtml|ns\d):[^<>]*)/?>", re.IGNORECASE)
_BREAKING = re.compile(r"</?(?:jats:)?(?:br|p|div|li|title|sec|section|h[1-6])\b", re.IGNORECASE)
_LATEX = re.compile(r"\\[a-zA-Z]+|\\['`^\"~=.\-&%$#_{}]")
_BARE_PER_CENT = re.compile(r"(?<!\\)%")  # in LaTeX it would begin a comment, in a title it means per cent
_MONEY = re.compile(r"(?<!\\)\$(?=\s?\d[\d.,]*(?:\s|$|[-–/)]))")
# What pylatexenc does not know or would drop, in text. A word command ends at what is no letter.
_COMMANDS = {
    "slash": "/", "nobreakspace": "\u00a0", "textendash": "–", "textemdash": "—", "space": " ", "allowbreak": "",
    "newline": " ", "linebreak": " ", "break": " ", "textquotesingle": "'", "hyp": "-", "nobreakdash": "", "dash": "–",
}  # fmt: skip
# Signs that mean something in LaTeX stand as characters of private use until the rest is read.
_COMMANDS |= {"textbackslash": "\ue000", "textasciitilde": "\ue001", "textasciicircum": "\ue002"}
_SET_ASIDE = {0xE000: "\\", 0xE001: "~", 0xE002: "^"}
_COMMAND = re.compile(r"\\(" + "|".join(sorted(_COMMANDS, key=len, reverse=True)) + r")(?![a-zA-Z])\s*(?:\{\})?")
_SOFT_HYPHEN = re.compile(r"\\-|\\/")
_QUOTED = re.compile(r"\\(?:mk(?:bib)?quote|enquote\*?)\s*\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\([&%$#_])")
_ACCENT = re.compile(
    r"""\\(?:(['`^"~=.])\s*|([cvuHkrd])(?:\s+|(?=\{)))(?:\{\s*(\\?[a-zA-Z])\s*\}|(\\[ij](?![a-zA-Z])\s?|[a-zA-Z]))"""
)
_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
}  # fmt: skip
_BRACES = re.compile(r"(?<!\\)[{}]")


def one_line(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def from_markup(text: str) -> str:
    """One line of text from what may hold HTML or a LaTeX command: "CO<sub>2</sub> &amp; Caf\\'e" is "CO2 & Café".

    Signs that are no markup ("p < .05", "a {b}") stay.
    """
    if "&" in text:
        text = html.unescape(html.unescape(text) if "&amp;" in text else text)
    if "<" in text:
        text = _TAG.sub(lambda tag: " " if _BREAKING.match(tag[0]) else "", text)
    commands = _LATEX.findall(text) if "\\" in text else ()
    if commands and all(not one[1].isalpha() or one[1:] in _known_commands() for one in commands):
        text = _from_commands(text)
    return one_line(text)


def from_latex(text: str) -> str:
    """One line of text from LaTeX, as BibTeX fields are: "{P}overty \\& \\'Etude" is "Poverty & Étude"."""
    if "\\" in text or "$" in text:
        text = _from_commands(text)
    elif "{" in text or "}" in text or "~" in text or "--" in text or "``" in text:
        text = _typography(_BRACES.sub("", text))
    if "&" in text or "<" in text:
        text = from_markup(text)
    return one_line(text)


@lru_cache(maxsize=4096)
def _from_commands(text: str) -> str:
    text = _SOFT_HYPHEN.sub("", text)
    text = _COMMAND.sub(lambda command: _COMMANDS[command[1]], text)
    text = _QUOTED.sub(r"“\1”", text)
    text = _ACCENT.sub(_accented, text)
    return _from_rest(text).translate(_SET_ASIDE)


def _from_rest(text: str) -> str:
    """What is left of LaTeX: escaped signs and braces, else pylatexenc's work."""
    plain = _ESCAPED.sub(r"\1", text)
    if "\\" not in plain and "$" not in _ESCAPED.sub("", text):
        return _typography(_BRACES.sub("", plain))
    if len(text) > LONGEST_LATEX:
        return _BRACES.sub("", plain)
    try:
        return str(LatexNodes2Text().latex_to_text(_MONEY.sub(r"\\$", _BARE_PER_CENT.sub(r"\\%", text))))
    except (ValueError, IndexError, RecursionError):  # pylatexenc on LaTeX that is none
        return _BRACES.sub("", plain)


def _accented(found: re.Match[str]) -> str:
    letter = (found[3] or found[4]).strip().lstrip("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[found[1] or found[2]])


@cache
def _known_commands() -> frozenset[str]:
    """The word commands of LaTeX that can be turned into text."""
    macros = (spec.macroname for spec in get_default_latex_context_db().iter_macro_specs())
    return frozenset({*macros, *_COMMANDS, *"cvuHkrd", "enquote", "mkbibquote", "mkquote"} - {"", "n"})


def _typography(text: str) -> str:
    """The signs that LaTeX writes with several characters."""
    for written, sign in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " ")):
        if written in text:
            text = text.replace(written, sign)
    return text
