"""A year of a review, drawn at random along a fixed course of twelve runs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from bench.year.steps import (
    BringBack,
    Codebook,
    Decide,
    Finish,
    Pass,
    Rule,
    Run,
    Step,
    TakeCopy,
    Text,
    Upgrade,
)
from bench.year.texts import Part, Parts

CODERS = ("Amina", "Bilal", "Chen", "Dana")
THEMES = (("GW", ""), ("IF", ""), ("TI", ""), ("COV", "TI"), ("FS", ""), ("DIG", ""))
AWAY = "Dana"  # works on a copy for a month
Texts = dict[str, tuple[Parts, ...]]


@dataclass(slots=True)
class Story:
    """Draws what happens; keeps of it only what the next steps need."""

    seed: int
    studies: tuple[str, ...]
    acts: int  # of coders in a month
    passages: int = 7  # of a study
    themes: list[str] = field(default_factory=lambda: [code for code, _ in THEMES])
    texts: Texts = field(default_factory=dict)
    said: dict[tuple[str, str, Parts, str], int | None] = field(default_factory=dict)
    paragraphs: int = 0

    _draw: random.Random = field(init=False)
    _now: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    _coming: Texts = field(default_factory=dict)  # editions that no coder has seen yet
    _copied: tuple[Texts, list[str]] | None = None  # texts and themes of the copy

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)

    def steps(self) -> Iterator[Step]:
        """The year."""
        a, b, c, d = self.studies[:4]
        for study in self.studies:
            joined = self._fresh(2) if study == b else ()
            first = ((joined[0][0], joined[1][0]),) if joined else ()
            yield self._text(study, (*first, *self._fresh(self.passages)), "first")
        yield from self._coding(finish=(a,))
        yield self._upgrade(1, [b])
        yield Run(1)
        yield from self._coding()
        yield Run(2)
        for study in (a, c):
            yield self._text(study, self.texts[study], "stamped")
        yield Run(3)
        yield from self._coding(finish=(b,))
        yield Run(4)
        yield from self._coding()
        yield self._text(a, self._edited(a), "edition")
        yield Run(5)
        yield from self._coding(finish=(c,))
        yield self._codebook("rename", ("GW",), ("GOV",))
        yield Run(6)
        yield TakeCopy()
        yield from self._coding(away=True, finish=(d,))
        yield self._text(c, self._edited(c), "edition", keep=True)
        yield Run(7)
        self._settle(c)
        yield from self._coding(away=True, finish=(a,))
        yield BringBack()
        yield self._codebook("merge", ("GOV", "IF"), ("GI",))
        yield Run(8)
        yield from self._coding(finish=(a, b))
        yield self._upgrade(2, [d])
        yield Run(9)
        yield from self._coding()
        yield self._codebook("split", ("FS",), ("TAX", "AID"))
        yield self._codebook("extend", (), ("GEN",))
        yield Run(10)
        yield from self._coding(finish=(b, d), rule=True)
        yield Run(11)
        yield from self._coding(rule=True)
        yield self._text(a, self._edited(a), "edition")
        yield self._text(b, self.texts[b], "stamped")
        yield self._codebook("reword", (), ())
        yield Run(12)

    # ---- texts

    def _fresh(self, number: int) -> tuple[Parts, ...]:
        found = tuple((((self.paragraphs + n), 0),) for n in range(number))
        self.paragraphs += number
        return found

    def _edited(self, study: str) -> tuple[Parts, ...]:
        """A new edition: a passage or two are gone, some say something else, one moves, two are new."""
        left = list(self.texts[study])
        for _ in range(2):
            left.pop(self._draw.randrange(len(left)))
        for _ in range(2):
            at = self._draw.randrange(len(left))
            left[at] = tuple(_reworded(part) for part in left[at])
        left.insert(self._draw.randrange(len(left)), left.pop(self._draw.randrange(len(left))))
        for new in self._fresh(2):
            left.insert(self._draw.randrange(len(left)), new)
        return tuple(left)

    def _text(
        self, study: str, passages: Sequence[Parts], why: Literal["first", "stamped", "edition"], *, keep: bool = False
    ) -> Text:
        """`keep`: what coders see is still the text before."""
        step = Text(study, tuple(passages), why)
        (self._coming if keep else self.texts)[study] = step.passages
        return step

    def _settle(self, study: str) -> None:
        self.texts[study] = self._coming.pop(study)

    def _upgrade(self, to: int, studies: Sequence[str]) -> Upgrade:
        """The new reader parts passages that the one before had joined, or joins the first two."""
        made = []
        for study in studies:
            passages = self.texts[study]
            if len(passages[0]) > 1:
                now = (*((part,) for part in passages[0]), *passages[1:])
            else:
                now = ((*passages[0], *passages[1]), *passages[2:])
            made.append(Text(study, now, "edition"))
            self.texts[study] = now
        return Upgrade(to, tuple(made))

    # ---- people

    def _coding(self, *, finish: Sequence[str] = (), away: bool = False, rule: bool = False) -> Iterator[Step]:
        """A month of work; at its end some studies are finished by all, as far as they please."""
        if away and self._copied is None:
            self._copied = dict(self.texts), list(self.themes)
        for _ in range(self.acts):
            coder = self._draw.choice(CODERS)
            yield from self._act(coder, on_copy=away and coder == AWAY)
        if rule:
            for study in self.studies:
                for parts in self._draw.sample(list(self.texts[study]), 3):
                    for theme in self._draw.sample(self.themes, 3):
                        yield Rule(study, parts, theme, self._draw.choice((0, 1, 2)), self._clock())  # type: ignore[arg-type]
        for study in finish:
            for coder in CODERS:
                on_copy = away and coder == AWAY
                if self._draw.random() < 0.8:
                    yield Pass(coder, study, self._clock(), on_copy)
                if self._draw.random() < 0.9:
                    yield Finish(coder, study, self._clock(), self._draw.random() < 0.9, on_copy)

    def _act(self, coder: str, *, on_copy: bool) -> Iterator[Step]:
        study = self._draw.choice(self.studies)
        texts, themes = self._copied if on_copy and self._copied else (self.texts, self.themes)
        mine = [k for k, v in self.said.items() if k[:2] == (coder, study) and v is not None]
        again = [k for k in mine if k[2] in texts[study] and k[3] in themes]
        if again and self._draw.random() < 0.2:
            key = self._draw.choice(again)
            yield self._decided(key, None, on_copy)
            return
        parts = self._draw.choice(texts[study])
        theme = self._draw.choice(themes)
        yield self._decided((coder, study, parts, theme), self._draw.choice((0, 1, 1, 2, 2)), on_copy)

    def _decided(self, key: tuple[str, str, Parts, str], value: int | None, on_copy: bool) -> Decide:
        self.said[key] = value
        coder, study, parts, theme = key
        return Decide(coder, study, parts, theme, value, self._clock(), on_copy)  # type: ignore[arg-type]

    def _codebook(
        self, kind: Literal["extend", "rename", "merge", "split", "reword"], old: tuple[str, ...], new: tuple[str, ...]
    ) -> Codebook:
        self.themes = [code for code in self.themes if code not in old] + list(new)
        return Codebook(kind, old, new, self._clock())

    def _clock(self) -> str:
        self._now += timedelta(minutes=self._draw.randrange(1, 600))
        return self._now.isoformat(timespec="microseconds")


def _reworded(part: Part) -> Part:
    return part[0], part[1] + 1
