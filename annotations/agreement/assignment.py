"""Who codes what, and whether they see the machine: drawn by a hash, so that anyone can draw it again.

The draw depends on the seed of the review and the id of the unit only, and a passage's id on its words only: not on
the order of work, on who has started, on the bytes of a file, or on what the machine says. A coder who joins takes
about their part of every other's units and moves no other unit (rendezvous hashing: of all coders, the one whose hash
with the unit is highest; Thaler and Ravishankar 1998).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.errors import WorkspaceError
from corpus.workspace import CodingSettings


@dataclass(frozen=True, slots=True)
class Assignment:
    """The draw of one review, from `[coding]` in its review.toml."""

    settings: CodingSettings
    # (source, passage id) -> what stands for the passage in the draw, where that is not its id: see `log.texts`
    drawn_as: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        coders = self.settings.coders
        if len(set(coders)) < len(coders):
            raise WorkspaceError("review.toml: [coding] coders: a name stands there twice")
        if self.settings.double_share and len(coders) < 2:
            raise WorkspaceError("review.toml: [coding] double_share needs at least two names in coders")

    def coders_of(self, source_id: str, passage_id: str) -> tuple[str, ...]:
        """Who codes a passage, first the one who would code it alone; nobody in particular where none is named."""
        unit = self._unit(source_id, passage_id)
        ranked = sorted(self.settings.coders, key=lambda coder: (-self._draw("coder", unit, coder), coder))
        return tuple(ranked[: 2 if self.is_double(source_id, passage_id) else 1])

    def codes(self, coder: str, source_id: str, passage_id: str) -> bool:
        """Whether a passage is `coder`'s to code. Somebody who is not named is not held to the draw: where the review
        names no coders everybody codes everything."""
        return coder not in self.settings.coders or coder in self.coders_of(source_id, passage_id)

    def codes_whole(self, coder: str, source_id: str) -> bool:
        """Whether all of a study is `coder`'s to code. Where passages are given out it is nobody's: what a coder did
        not find in their part may be in another's."""
        named = coder in self.settings.coders
        return not named or (self.settings.unit == "study" and self.codes(coder, source_id, ""))

    def is_double(self, source_id: str, passage_id: str) -> bool:
        """Whether two code a passage, neither seeing what the other decided."""
        return self._draw("double", self._unit(source_id, passage_id)) < self.settings.double_share

    def shows_machine(self, source_id: str, passage_id: str) -> bool:
        """Whether coders see the machine's suggestion on a passage. Drawn passage by passage, also where whole studies
        are assigned, so that every study has both kinds; the same for both coders of a passage."""
        return self._draw("blind", self._passage(source_id, passage_id)) >= self.settings.blind_share

    @property
    def lot_share(self) -> float:
        """Share of the passages that come to their coders by lot."""
        return self.settings.lot_share

    def by_lot(self, source_id: str, passage_id: str) -> bool:
        """Whether a passage comes to its coders as a whole, whatever the machine says of it, to measure what it misses.
        Models do not learn from it: what measures them must be new to them."""
        return self.lot(source_id, passage_id) < self.settings.lot_share

    def lot(self, source_id: str, passage_id: str) -> float:
        """The passage's number in the draw, from 0 to below 1: the lower, the earlier it is asked about."""
        return self._draw("lot", self._passage(source_id, passage_id))

    def _unit(self, source_id: str, passage_id: str) -> str:
        return source_id if self.settings.unit == "study" else self._passage(source_id, passage_id)

    def _passage(self, source_id: str, passage_id: str) -> str:
        return f"{source_id}/{self.drawn_as.get((source_id, passage_id), passage_id)}"

    def _draw(self, *what: str) -> float:
        """A number from 0 to below 1."""
        content = json.dumps([self.settings.seed, *what])
        return int.from_bytes(hashlib.sha256(content.encode()).digest()[:6], "big") / 2**48
