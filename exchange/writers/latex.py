"""The tables of the review in LaTeX, to be put into a paper with \\input."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from pylatexenc.latexencode import unicode_to_latex

from corpus.workspace import VERSION
from exchange.writers.paper_tables import SAMPLE, TableText, tables
from exchange.writers.references import escape_latex
from synthesis.result import ReviewResult

_HEAD = r"""% Tables of the review, made by Jaiza {version} on {generated}.
% In the preamble: \usepackage{{booktabs,longtable,array,amssymb}} and, with pdfLaTeX, \usepackage[T1]{{fontenc}}.
% Then \input{{tables}} where they belong; tables have labels such as tab:matrix and are as wide as the text.
% What pdfLaTeX has no sign for (emoji, Urdu) it prints as a word in brackets; LuaLaTeX and XeLaTeX print the sign where
% the font has it.
\ifdefined\jaizasign\else
  \ifdefined\Umathchar
    \DeclareRobustCommand{{\jaizasign}}[3]{{\iffontchar\font"#1 #2\else #3\fi}}
  \else
    \DeclareRobustCommand{{\jaizasign}}[3]{{#3}}
  \fi
\fi
"""
_SIGNS = {
    "✓": r"\checkmark{}", "…": r"\dots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "[": "{[}", "]": "{]}",
    "–": "--", "—": "---", "\u00ad": r"\-", "\u2010": "-", "\u2011": "-", "\u2212": r"\ensuremath{-}", "\u00a0": "~",
    "\u202f": "~", "\u2009": r"\,", "₨": "Rs", "ﬁ": "fi", "ﬂ": "fl", '"': r"\textquotedbl{}",
}  # fmt: skip
# Signs beyond Latin letters whose commands LaTeX itself or amssymb has.
_COMMANDS = frozenset("→←↑↓≥≤≠≈±×÷∞√∑∏∫∂∈•·°µ½¼¾²³¹€£¥©®™†‡‰§¶αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ")
_LAST_LATIN = 0x17F  # end of Latin Extended-A, which the encoding T1 has letters or accents for
_SPOKEN = {"₹": "Rs"}  # signs that have a usual way of being written in letters
_UNSEEN = ("Mn", "Me", "Cf")  # accents that stand alone, and characters that only steer others
# Characters: what a column of short words needs at most; the most a column asks for; around each; on a line of an A4
# page in the size of these tables; in a word before it is broken. Bold ones are wider.
_WIDE, _MOST, _MARGIN, _LINE, _LONGEST_WORD, _BOLD = 14, 60.0, 2.5, 80.0, 20, 1.2


def tables_latex(result: ReviewResult) -> bytes:
    """The .tex file: a longtable each, with caption, label, head on every page and note."""
    head = _HEAD.format(version=VERSION, generated=result.generated)
    if result.sample:
        head += f"% {SAMPLE}\n"
    return (head + "".join(_table(table, sample=result.sample) for table in tables(result))).encode()


def latex(text: str) -> str:
    """Words as LaTeX prints them: signs escaped, quotation marks and dashes as it writes them, and what pdfLaTeX has no
    sign for with a word to print instead."""
    made: list[str] = []
    for printable, run in groupby(unicodedata.normalize("NFC", " ".join(text.split())), _is_printable):
        characters = "".join(run)
        made.append("".join(map(_command, characters)) if printable else "".join(_unprintable(characters)))
    return "".join(made)


def _is_printable(character: str) -> bool:
    return character in _SIGNS or character in _COMMANDS or 0x20 <= ord(character) <= _LAST_LATIN


def _command(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if ord(character) < 0x7F:
        return escape_latex(character)
    made = str(unicode_to_latex(character, unknown_char_policy="replace", unknown_char_warning=False))
    return made if made.startswith(("{", "\\ensuremath")) else f"{{{made}}}"


def _unprintable(characters: str) -> Iterator[str]:
    """What stands for a run of characters: letters of another script together, other signs one by one."""
    for letters, run in groupby(characters, lambda character: unicodedata.category(character)[0] in "LM"):
        part = "".join(run)
        if letters and unicodedata.category(part[0])[0] == "M":
            continue  # an accent on a letter that was printed without it
        if letters:
            script = unicodedata.name(part[0], "foreign").split()[0].capitalize()
            yield _sign(part, f"[{script} script]")
            continue
        for sign in part:
            if sign == " ":
                yield " "
            elif unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn"):
                yield "?"
            elif unicodedata.category(sign) not in _UNSEEN:
                yield _sign(sign, _SPOKEN.get(sign) or f"[{unicodedata.name(sign, 'sign').lower()}]")


def _sign(characters: str, words: str) -> str:
    spoken = "".join(map(_command, words))
    return f"\\jaizasign{{{ord(characters[0]):X}}}{{{characters}}}{{{spoken}}}"


def _table(table: TableText, *, sample: bool) -> str:
    columns = len(table.head)
    head = f"  {_row(table.head, bold=True)}\n  \\midrule\n"
    caption = latex(table.caption) + (f" ({latex(SAMPLE)})" if sample else "")
    body = list(map(_row, table.rows))
    if table.totals:
        body.insert(len(body) - table.totals, r"\midrule")
    note = f"  \\multicolumn{{{columns}}}{{p{{0.95\\linewidth}}}}{{\\footnotesize {latex(table.note)}}}\\\\\n"
    return (
        f"\n\\begingroup\\footnotesize\\setlength{{\\tabcolsep}}{{3pt}}\n\\begin{{longtable}}{{{_columns(table)}}}\n"
        f"  \\caption{{{caption}}}\\label{{tab:{table.name}}}\\\\\n  \\toprule\n{head}  \\endfirsthead\n"
        f"  \\toprule\n{head}  \\endhead\n  \\bottomrule\n  \\endfoot\n  \\bottomrule\n"
        + (note if table.note else "")
        + "  \\endlastfoot\n"
        + "".join(f"  {row}\n" for row in body)
        + "\\end{longtable}\n\\endgroup\n"
    )


def _row(cells: tuple[str, ...], *, bold: bool = False) -> str:
    said = [latex(cell) for cell in cells]
    return " & ".join(f"\\textbf{{{cell}}}" if bold and cell else cell for cell in said) + r" \\"


def _columns(table: TableText) -> str:
    """The columns share the width of the text: each has room for its longest word, and what is left goes to those with
    much text."""
    least, asked = [], []
    for place, head in enumerate(table.head):
        cells = [row[place] for row in table.rows]
        words = [word for cell in (*cells, head) for word in re.split(r"[\s-]", cell)]
        mean = sum(map(len, cells)) / max(len(cells), 1)
        longest = max([len(cell) for cell in cells], default=0)
        least.append(min(max(map(len, words)), _LONGEST_WORD) * _BOLD + _MARGIN)
        asked.append(max(0.1, (longest if longest <= _WIDE else min(max(mean * 1.3, _WIDE), _MOST)) - least[-1]))
    free = max(0.0, _LINE - sum(least))
    widths = [room + free * more / sum(asked) for room, more in zip(least, asked, strict=True)]
    kinds = []
    for place, width in enumerate(widths):
        set_as = r"\centering" if table.centred and place else r"\raggedright"
        share = f"\\dimexpr {width / sum(widths):.4f}\\linewidth-2\\tabcolsep"
        kinds.append(f">{{{set_as}\\arraybackslash}}p{{{share}}}")
    return "".join(kinds)
