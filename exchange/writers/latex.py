"""The tables of the review in LaTeX, to be put into a paper with \\input."""

from __future__ import annotations

from corpus.workspace import VERSION
from exchange.writers.paper_tables import SAMPLE, TableText, tables
from exchange.writers.references import escape_latex
from synthesis.result import ReviewResult

_HEAD = r"""% Tables of the review, made by Jaiza {version} on {generated}.
% In the preamble: \usepackage{{booktabs,longtable,array,amssymb}} and, with pdfLaTeX, \usepackage[utf8]{{inputenc}}
% and \usepackage[T1]{{fontenc}}. Then \input{{tables}} where they belong; tables have labels such as tab:matrix.
"""
_SIGNS = {
    "✓": r"\checkmark{}",
    "…": r"\dots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "[": "{[}",
    "–": "--",
    "—": "---",
}
_WIDE = 24  # characters: a column with longer words is a paragraph that breaks
_PARAGRAPHS = 0.9  # of the width of the text, shared by such columns


def tables_latex(result: ReviewResult) -> bytes:
    """The .tex file: a longtable each, with caption, label, head on every page and note."""
    head = _HEAD.format(version=VERSION, generated=result.generated)
    if result.sample:
        head += f"% {SAMPLE}\n"
    return (head + "".join(_table(table, sample=result.sample) for table in tables(result))).encode()


def latex(text: str) -> str:
    """Words as LaTeX prints them: signs escaped, quotation marks and dashes as it writes them."""
    return "".join(_SIGNS.get(character, escape_latex(character)) for character in " ".join(text.split()))


def _table(table: TableText, *, sample: bool) -> str:
    columns = len(table.head)
    head = f"  {_row(table.head, bold=True)}\n  \\midrule\n"
    caption = latex(table.caption) + (f" ({latex(SAMPLE)})" if sample else "")
    body = list(map(_row, table.rows))
    if table.totals:
        body.insert(len(body) - table.totals, r"\midrule")
    note = f"  \\multicolumn{{{columns}}}{{p{{0.95\\textwidth}}}}{{\\footnotesize {latex(table.note)}}}\\\\\n"
    return (
        f"\n\\begin{{longtable}}{{{_columns(table)}}}\n"
        f"  \\caption{{{caption}}}\\label{{tab:{table.name}}}\\\\\n  \\toprule\n{head}  \\endfirsthead\n"
        f"  \\toprule\n{head}  \\endhead\n  \\bottomrule\n  \\endfoot\n  \\bottomrule\n"
        + (note if table.note else "")
        + "  \\endlastfoot\n"
        + "".join(f"  {row}\n" for row in body)
        + "\\end{longtable}\n"
    )


def _row(cells: tuple[str, ...], *, bold: bool = False) -> str:
    said = [latex(cell) for cell in cells]
    return " & ".join(f"\\textbf{{{cell}}}" if bold and cell else cell for cell in said) + r" \\"


def _columns(table: TableText) -> str:
    """A letter for each column; columns with much text share the width by how much they have."""
    longest = [max([len(row[place]) for row in table.rows], default=0) for place in range(len(table.head))]
    wide = [min(length, 200) if length > _WIDE else 0 for length in longest]
    free = _PARAGRAPHS - 0.07 * sum(not width for width in wide)
    kinds = []
    for place, width in enumerate(wide):
        if width:
            kinds.append(f">{{\\raggedright\\arraybackslash}}p{{{free * width / sum(wide):.2f}\\textwidth}}")
        else:
            kinds.append("c" if table.centred and place else "l")
    return "".join(kinds)
