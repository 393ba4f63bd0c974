"""The paper's 25 x 6 ticks as a review: codebook, sources, screening, decisions and merged cells."""

from __future__ import annotations

from annotations.decision import Decision
from corpus.registry.sources import Source
from models.codebook.codebook import Codebook, Theme
from synthesis.matrix.cell import Cell
from synthesis.matrix.merge import merge_cells

COLUMNS = ("GW", "IF", "TI", "FS", "DIG", "CGL")

# Ticks as printed, in the order of COLUMNS; year and peer review as the registry has them, verdict of screening.
ROWS = """
Gazdar (2011) – SP Pakistan   | 111110 | 2011 | unknown | pass
Bari (2005) – SP Framework    | 110100 | 2005 | no      | pass
SPDC Safety Nets Evaluation   | 111100 |      | unknown | doubtful
World Bank (2013) SP Note     | 111111 | 2013 | no      | pass
SPRC State of SP Pakistan     | 111111 | 2020 | no      | pass
Punjab P&D SP Review          | 111100 | 2019 | no      | pass
Javed (2021) – Safety Nets    | 001000 | 2021 | unknown | doubtful
BISP Impact evaluation (OPM)  | 101010 | 2020 | no      | pass
Farooq – Cash Transfers (PIDE)| 001000 | 2014 | yes     | pass
Saeed (2020) – Cash Transfers | 001100 | 2020 | no      | pass
Naseer (2021) – BISP Punjab   | 101000 | 2021 | unknown | doubtful
Jahangir (2020)               | 001000 | 2020 | yes     | pass
IFPRI/WB Women Mobility       | 100010 | 2017 | no      | pass
Dogar (2023) – Ehsaas         | 111010 | 2023 | unknown | doubtful
NIPS/NUST Ehsaas Report       | 111110 | 2021 | no      | doubtful
UNDP (2023) Gender SP         | 111110 | 2023 | no      | doubtful
NSPP Welfare Regime           | 110101 | 2022 | unknown | doubtful
Toor & Nasar – Zakat          | 101010 | 2009 | yes     | doubtful
Dawar (2020) – Zakat          | 100000 | 2020 | no      | doubtful
Khan et al. – Zakat Issues    | 101000 | 2019 | unknown | pass
Amjad (2018) – Zakat vs BISP  | 111100 | 2018 | no      | pass
SPRC – Future of EOBI         | 110100 | 2020 | no      | doubtful
PIDE – EOBI Registration      | 111100 |      | no      | doubtful
Turkey ISAS – WB Case         | 011011 | 2017 | no      | fails
DFAT/ILO – Registries Report  | 011011 | 2017 | no      | fails
"""

TABLE = [[field.strip() for field in row.split("|")] for row in ROWS.strip().splitlines()]


def theme(code: str, *, counts_under: str = "", in_matrix: bool = True) -> Theme:
    return Theme(code, f"Theme {code}", "", (), (), (), counts_under=counts_under, in_matrix=in_matrix)


CODEBOOK = Codebook(
    "Social protection",
    (*(theme(code) for code in COLUMNS), theme("COV", counts_under="TI"), theme("REC", in_matrix=False)),
)

SOURCES = tuple(
    Source(f"s{number:02d}", label, year=int(year) if year else None, peer_reviewed=peer)  # type: ignore[arg-type]
    for number, (label, _, year, peer, _) in enumerate(TABLE, start=1)
)

SCREENING = {source.id: row[4] for source, row in zip(SOURCES, TABLE, strict=True)}

TICKS = tuple(
    Decision(source.id, code, int(tick), "published", role="published")  # type: ignore[arg-type]
    for source, row in zip(SOURCES, TABLE, strict=True)
    for code, tick in zip(COLUMNS, row[1], strict=True)
)


def published_cells() -> tuple[Cell, ...]:
    return merge_cells(SOURCES, TICKS, {}, {}, CODEBOOK)
