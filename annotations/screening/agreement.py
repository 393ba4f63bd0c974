"""How far screeners agree on what they said of the same records without knowing what the other had said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotations.agreement.coefficients import coefficients
from annotations.decision import Screened, ScreeningStage


@dataclass(frozen=True, slots=True)
class ScreenerAgreement:
    """Of two screeners at one stage: on keeping a record (include or maybe) against leaving it out."""

    first: str
    second: str
    stage: ScreeningStage
    records: int  # that both screened blindly
    agreed: int
    kappa: float | None  # Cohen 1960; None where both always said the same one thing, or there is no record


def screening_agreement(history: Iterable[Screened]) -> tuple[ScreenerAgreement, ...]:
    """Of every two who have screened the same records; `history` is every verdict, in the order of the log."""
    blind: dict[tuple[ScreeningStage, str], dict[str, bool]] = {}
    for one in history:
        if one.role != "coder" or one.informed:
            continue
        said = blind.setdefault((one.stage, one.coder), {})
        if one.verdict:
            said[one.source_id] = one.verdict != "exclude"
        else:
            said.pop(one.source_id, None)
    found = []
    for (stage, first), (other, second) in combinations(sorted(blind), 2):
        both = blind[stage, first].keys() & blind[other, second].keys() if stage == other else set()
        if both:
            pairs = [(blind[stage, first][key], blind[stage, second][key]) for key in sorted(both)]
            agreed = sum(one == two for one, two in pairs)
            rated = np.array(pairs, dtype=np.int8).T[..., None]
            kappa = coefficients(rated, 2, draws=0)["kappa"].value
            found.append(ScreenerAgreement(first, second, stage, len(pairs), agreed, kappa))
    return tuple(found)
