"""The figures of a year by hand-written rules: plain loops over what happened, without a line of Jaiza's own.

Each rule is one sentence of the handbook. Passages are told apart by their paragraphs, never by likeness of letters;
what Jaiza has to find again is known here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from bench.year.figures import BLIND, Figures, Key
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
from bench.year.texts import OLD_READER, Parts, file_of, laid_out, text_of, with_numbers

Where = tuple[Parts, int]  # a passage: its words, and which repetition of them


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a log keeps."""

    kind: str  # "said", "ruled", "seen", "passed", "done"
    coder: str
    study: str
    clock: str
    codes: tuple[str, ...]  # of the codebook there was
    parts: Parts = ()
    theme: str = ""
    value: int | None = None
    on: bool = True
    covers: frozenset[Where] | None = None
    hidden: frozenset[Where] = frozenset()  # of "done": passages never shown


@dataclass(slots=True)
class Log:
    """What one copy of the review knows."""

    events: list[Event] = field(default_factory=list)
    texts: dict[str, tuple[Where, ...]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    changes: int = 0  # merges and splits of themes that are known in it


@dataclass(slots=True)
class Oracle:
    """Takes in what happens and tells the figures."""

    themes: tuple[tuple[str, str], ...]  # code, and the code it is counted under
    coders: tuple[str, ...]  # to whom passages are given out; none: everybody codes everything
    double_share: float
    ours: Log = field(default_factory=Log)
    theirs: Log | None = None
    parted: int = 0  # events there were when the copy was taken
    changes: list[Codebook] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)  # study -> hash of its file
    came: int = 0  # files that have come
    pending: dict[str, tuple[Where, ...]] = field(default_factory=dict)  # texts that no run has seen
    units: dict[tuple[str, Where], str] = field(default_factory=dict)  # what stands for a passage in the draw
    happened: set[Key] = field(default_factory=set)  # (what, study or "") since the last run
    old: bool = True  # before the first upgrade

    def __post_init__(self) -> None:
        self.ours.codes = tuple(code for code, _ in self.themes)

    def take(self, step: Step) -> Figures | None:
        """Let it happen; a run gives its figures."""
        if isinstance(step, Run):
            return self._run()
        if isinstance(step, Text):
            self.came += 1
            self.files[step.study] = file_of(self.came)[1]
            self.pending[step.study] = tuple(with_numbers(step.passages))
            if step.why == "edition":
                self.happened.add(("new edition", step.study))
            if self.old:
                self._note(step.study)
        elif isinstance(step, Codebook):
            self._codebook(step)
        elif isinstance(step, Upgrade):
            self._upgrade(step)
        elif isinstance(step, TakeCopy):
            self.theirs = replace(self.ours, events=list(self.ours.events), texts=dict(self.ours.texts))
            self.parted = len(self.ours.events)
        elif isinstance(step, BringBack):
            assert self.theirs
            self.ours.events = _joined(self.ours.events, self.theirs.events, self.parted)
            for event in self.theirs.events[self.parted :]:
                self._tell(event)
            self.theirs = None
        elif isinstance(step, Rule):
            self._rule(step)
        elif isinstance(step, Decide | Pass | Finish):
            log = self.theirs if step.on_copy and self.theirs else self.ours
            known = len(log.events)
            log.events += self._events(step, log)
            if log is self.ours:
                for event in log.events[known:]:
                    self._tell(event)
        return None

    # ---- what happens

    def _tell(self, event: Event) -> None:
        if event.kind in ("said", "ruled"):
            self.happened.add(("new decision", event.study))
        if event.kind == "done":
            self.happened.add(("study done or open again", event.study))
            if not self.coders:  # what a study lacks is decided with it
                self.happened.add(("new decision", event.study))

    def _events(self, step: Decide | Pass | Finish, log: Log) -> list[Event]:
        plain = Event("", step.coder, step.study, step.clock, log.codes)
        text = log.texts[step.study]
        if isinstance(step, Pass) and self.old:
            return []  # the versions of that time did not keep it
        if isinstance(step, Pass):
            return [replace(plain, kind="passed", parts=parts) for parts, _ in self._theirs(step, text)]
        if isinstance(step, Decide):
            said = replace(plain, kind="said", parts=step.parts, theme=step.theme, value=step.value)
            at = _found(step.parts, text)
            there = any(
                e.kind == "seen" and e.coder == step.coder and e.study == step.study and _found(e.parts, text) == at
                for e in log.events
            )
            return [said] if there else [said, replace(plain, kind="seen", parts=step.parts)]
        done = replace(plain, kind="done", on=step.on)
        if self.old:
            return [done]
        own = self._theirs(step, text)
        last = [e for e in log.events if (e.kind, e.coder, e.study) == ("done", step.coder, step.study)]
        is_done = bool(last) and last[-1].on
        if not step.on:
            return [done] if is_done else []
        # Whoever is done already, with all there is now, can't be done once more.
        if is_done and set(own) <= (last[-1].covers or set()) and self._judged(last[-1].codes, log) == set(log.codes):
            return []
        shown = {
            _found(e.parts, text)
            for e in log.events
            if e.coder == step.coder and e.study == step.study and e.kind in ("seen", "passed", "said")
        }
        return [replace(done, covers=frozenset(own), hidden=frozenset(own) - shown)]

    def _theirs(self, step: Pass | Finish, text: Sequence[Where]) -> list[Where]:
        return [one for one in text if self._codes(step.coder, step.study, one)]

    def _rule(self, step: Rule) -> None:
        """A ruling is made where coders differ."""
        text = self.ours.texts[step.study]
        at = _found(step.parts, text)
        rated = self._ratings(step.study)
        values = {own[at][step.theme] for own in rated.values() if at in own and step.theme in own[at]}
        if at and len(values) > 1:
            made = Event("ruled", "Zara", step.study, step.clock, self.ours.codes, at[0], step.theme, step.value)
            self.ours.events.append(made)
            self._tell(made)

    def _codebook(self, step: Codebook) -> None:
        themes = dict(self.themes)
        if step.kind == "extend":
            themes |= dict.fromkeys(step.into, "")
        elif step.kind != "reword":
            under = {themes.pop(code) for code in step.themes}
            themes |= dict.fromkeys(step.into, "" if len(under) > 1 else under.pop())
            themes = {code: step.into[0] if up in step.themes else up for code, up in themes.items()}
            self.changes.append(step)
            self.ours.changes = len(self.changes)
        self.themes = tuple(themes.items())
        self.ours.codes = tuple(themes)
        if step.kind != "reword":
            self.happened.add(("new codebook", ""))

    # ---- texts and the draw

    def _note(self, study: str) -> None:
        """A text is what it is from now on; what stands for its passages in the draw is settled."""
        new = self.pending.pop(study)
        old = self.ours.texts.get(study, ())
        self.ours.texts[study] = new
        if self.old:
            _, spans = laid_out(OLD_READER, [parts for parts, _ in new])
            for where, (start, end) in zip(new, spans, strict=True):
                self.units[study, where] = f"{self.files[study][:12]}-{start}-{end}"
            return
        gone = [one for one in old if one not in new]
        for where in new:
            if where in old:
                continue
            alike = [one for one in gone if {k for k, _ in where[0]} & {k for k, _ in one[0]}]
            if alike:
                self.units[study, where] = self._unit(study, alike[0])

    def _upgrade(self, step: Upgrade) -> None:
        for text in step.texts:
            self.pending[text.study] = tuple(with_numbers(text.passages))
            self.happened.add(("text read anew", text.study))
        if self.old:
            self.old = False
            for study in list(self.pending):
                self._note(study)
            # What was done before covers what there is when the review is carried over.
            self.ours.events = [
                replace(e, covers=frozenset(self._theirs(Finish(e.coder, e.study, ""), self.ours.texts[e.study])))
                if e.kind == "done" and e.on
                else e
                for e in self.ours.events
            ]

    def _unit(self, study: str, where: Where) -> str:
        if (study, where) in self.units:
            return self.units[study, where]
        letters = "".join(c for c in text_of(where[0]).casefold() if c.isalnum())
        key = hashlib.sha256(letters.encode()).hexdigest()[:16]
        return key if where[1] == 1 else f"{key}-{where[1]}"

    def _lot(self, *what: str) -> float:
        return int.from_bytes(hashlib.sha256(json.dumps(["1", *what]).encode()).digest()[:6], "big") / 2**48

    def _coders_of(self, study: str, where: Where) -> tuple[str, ...]:
        unit = f"{study}/{self._unit(study, where)}"
        ranked = sorted(self.coders, key=lambda coder: (-self._lot("coder", unit, coder), coder))
        return tuple(ranked[: 2 if self._lot("double", unit) < self.double_share else 1])

    def _codes(self, coder: str, study: str, where: Where) -> bool:
        return coder not in self.coders or coder in self._coders_of(study, where)

    # ---- what counts

    def _said(self, study: str, kind: str = "said") -> list[Event]:
        """The judgements on a study that count now, under today's themes, in their order."""
        text = self.ours.texts[study]
        current: dict[Key, tuple[int, Event]] = {}  # (coder, theme, words)
        for number, event in enumerate(self.ours.events):
            if event.kind != kind or event.study != study:
                continue
            if event.value is None:  # what they had said of that passage is taken back
                at = _found(event.parts, text)
                for key in [k for k in current if k[:2] == (event.coder, event.theme)]:
                    if key[2] == event.parts or (at and _found(key[2], text) == at):  # type: ignore[arg-type]
                        del current[key]
            else:
                current[event.coder, event.theme, event.parts] = number, event
        placed: dict[Key, tuple[bool, int, Event]] = {}  # with whether it was decided under the theme itself
        for (coder, theme, parts), (number, event) in current.items():
            codes = self._now(theme)
            direct = codes == (theme,)
            if not direct and event.value and len(codes) > 1:
                continue  # for which part of a split it is nobody knows
            for code in codes:
                made = (direct, number, replace(event, theme=code))
                other = placed.get((coder, code, parts))
                stronger = other and (event.value or 0) > (other[2].value or 0)
                if other is None or (direct and not other[0]) or (direct == other[0] and stronger):
                    placed[coder, code, parts] = made
        ordered = [event for _, _, event in sorted(placed.values(), key=lambda one: one[1])]
        return [
            event
            for number, event in enumerate(ordered)
            if not any(_instead(later, event, text) for later in ordered[number + 1 :])
        ]

    def _now(self, code: str) -> tuple[str, ...]:
        """What a theme has become."""
        codes = [code]
        for change in self.changes:
            codes = [new for one in codes for new in (change.into if one in change.themes else (one,))]
        return tuple(dict.fromkeys(one for one in codes if one in dict(self.themes)))

    def _judged(self, codes: Iterable[str], log: Log | None = None) -> set[str]:
        """Which of today's themes somebody could give who had these: each of those merged; never a part of a split."""
        log = log or self.ours
        judged = set(codes)
        for change in self.changes[: log.changes]:
            old = set(change.themes)
            if old & judged:
                whole = change.kind != "split" and old <= judged
                judged = judged - old | (set(change.into) if whole else set())
        return judged & set(log.codes)

    def _done(self, study: str) -> dict[str, Event]:
        last = {e.coder: e for e in self.ours.events if e.kind == "done" and e.study == study}
        return {coder: event for coder, event in last.items() if event.on}

    def _seen(self, study: str) -> list[Event]:
        found: dict[object, Event] = {}
        for event in self.ours.events:
            if event.kind == "seen" and event.study == study:
                found[event.coder, _found(event.parts, self.ours.texts[study]) or event.parts] = event
        return list(found.values())

    def _ratings(self, study: str, *, without: Iterable[Key] = ()) -> dict[str, dict[object, dict[str, int]]]:
        """coder -> passage, or words that are gone -> theme -> 0, 1, 2; only what they judged."""
        text, left_out = self.ours.texts[study], set(without)
        rated: dict[str, dict[object, dict[str, int]]] = {}

        def no(coder: str, at: object, themes: Iterable[str]) -> None:
            own = rated.setdefault(coder, {}).setdefault(at, {})
            for theme in themes:
                own.setdefault(theme, 0)

        for coder, done in self._done(study).items():
            rated.setdefault(coder, {})
            for where in text:
                if self._codes(coder, study, where) and where in (done.covers or ()) and where not in done.hidden:
                    no(coder, where, self._judged(done.codes))
        for event in self._seen(study):
            no(event.coder, _found(event.parts, text) or event.parts, self._judged(event.codes))
        for event in self._said(study):
            at = _found(event.parts, text) or event.parts
            if (at, event.theme) in left_out:
                continue
            no(event.coder, at, self._judged(event.codes))
            own = rated[event.coder][at]
            own[event.theme] = max(own.get(event.theme, 0), event.value or 0)
        return rated

    # ---- figures

    def _run(self) -> Figures:
        for study in list(self.pending):
            self._note(study)
        cells = {key: value for study in self.ours.texts for key, value in self._cells(study).items()}
        why = {key: frozenset(what for what, about in self.happened if about in ("", key[0])) for key in cells}
        self.happened = set()
        columns = [code for code, under in self.themes if not under]
        values = {column: [cells[s, column][0] for s in self.ours.texts] for column in columns}  # type: ignore[index]
        return Figures(
            cells=cells,
            counts={
                (column,): (sum(1 for v in own if v), sum(1 for v in own if v is not None))
                for column, own in values.items()
            },
            agreement=self._agreement(),
            labels=self._labels(),
            draw={
                (study, text_of(where[0]), str(where[1])): (
                    self._coders_of(study, where),
                    self._lot("blind", f"{study}/{self._unit(study, where)}") >= BLIND,
                )
                for study, text in self.ours.texts.items()
                for where in text
            },
            news=dict(self._news()),
            why=why,
            page=cells,
        )

    def _cells(self, study: str) -> dict[Key, object]:
        people = self._team(study) if self.coders else self._each(study)
        stances, rulings = people
        found: dict[Key, object] = {}
        for column in (code for code, under in self.themes if not under):
            themes = [code for code, under in self.themes if code == column or under == column]
            ruled = {theme: rulings[theme] for theme in themes if theme in rulings}
            own = [{t: said[t] for t in themes if t in said} for said in stances.values()]
            known = [
                value
                for said in ([one for one in own if one] or [{}])
                if (value := _folded({**said, **ruled}, column)) is not None
            ]
            if not known or min(known) == 0 < max(known):
                found[study, column] = (None, "unknown", bool(known))
            else:
                basis = "adjudicated" if min(known) in ruled.values() else "agreed"
                found[study, column] = (min(known), basis, False)
        return found

    def _rulings(self, study: str) -> dict[Key, int]:
        """(passage or words, theme) -> what was ruled last."""
        text = self.ours.texts[study]
        return {(_found(e.parts, text) or e.parts, e.theme): e.value or 0 for e in self._said(study, "ruled")}

    def _each(self, study: str) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """What each coder holds of a study: the strongest of their passages; 0 where they were done with all of it and
        left a theme out."""
        text, ruled = self.ours.texts[study], self._rulings(study)
        stances: dict[str, dict[str, int]] = {}
        positive: set[Key] = set()
        for event in self._said(study):
            at = _found(event.parts, text) or event.parts
            own = stances.setdefault(event.coder, {})
            if event.value:
                positive.add((event.coder, event.theme))
            if event.value and (at, event.theme) not in ruled:
                own[event.theme] = max(own.get(event.theme, 0), event.value)
        for coder, done in self._done(study).items():
            if not done.hidden and set(text) <= (done.covers or set()):
                for theme in self._judged(done.codes):
                    if (coder, theme) not in positive:
                        stances.setdefault(coder, {})[theme] = 0
        rulings: dict[str, int] = {}
        for (_, theme), value in ruled.items():
            if value:
                rulings[theme] = max(rulings.get(theme, 0), value)
        return stances, rulings

    def _team(self, study: str) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        """What the coders hold together to whom the passages were given out."""
        ruled = self._rulings(study)
        rated = self._ratings(study, without=ruled)
        stances: dict[str, dict[str, int]] = {}
        rulings: dict[str, int] = {}
        finished = self._finished(study)
        text = self.ours.texts[study]
        order = {where: number for number, where in enumerate(text)}
        places = sorted({at for own in rated.values() for at in own}, key=lambda at: order.get(at, len(order)))  # type: ignore[call-overload]
        for theme, _ in self.themes:
            best, differing = 0, []
            for at in places:
                if (at, theme) in ruled:
                    continue
                said = {coder: own[at][theme] for coder, own in rated.items() if at in own and theme in own[at]}
                if said and min(said.values()) == 0 < max(said.values()):
                    differing.append(said)
                elif said:
                    best = max(best, min(said.values()))
            by_ruling = max((value for (_, about), value in ruled.items() if about == theme), default=0)
            if by_ruling > best:
                rulings[theme] = by_ruling
            elif best:
                stances.setdefault("team", {})[theme] = best
            elif differing:
                for coder, value in differing[0].items():
                    stances.setdefault(f"team: {coder}", {})[theme] = value
            elif theme in finished:
                stances.setdefault("team", {})[theme] = 0
        return stances, rulings

    def _finished(self, study: str) -> set[str]:
        done = self._done(study)
        themes = {code for code, _ in self.themes}
        owners: dict[str, set[Where]] = {}
        for where in self.ours.texts[study]:
            for coder in self._coders_of(study, where):
                owners.setdefault(coder, set()).add(where)
        for coder, own in owners.items():
            if coder not in done or done[coder].hidden or not own <= (done[coder].covers or set()):
                return set()
            themes &= self._judged(done[coder].codes)
        return themes if done else set()

    def _news(self) -> Iterator[tuple[Key, object]]:
        for study, text in self.ours.texts.items():
            for coder, done in self._done(study).items():
                new = [w for w in text if self._codes(coder, study, w) and w not in (done.covers or ())]
                themes = {code for code, _ in self.themes} - self._judged(done.codes)
                own = [e for e in self._said(study) if e.coder == coder]
                gone = [e for e in own if _found(e.parts, text) is None]
                other = [e for e in own if _found(e.parts, text) and not _whole(e.parts, text)]
                told = [
                    (len(new), "new passage", "new passages"),
                    (len(themes), "new theme", "new themes"),
                    (len(gone), "decision whose words are gone", "decisions whose words are gone"),
                    (
                        len(other),
                        "decision found again with changed words",
                        "decisions found again with changed words",
                    ),
                ]
                words = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in told if n)
                if words:
                    yield (study, coder), words

    def _agreement(self) -> dict[Key, object]:
        raters: set[str] = set()
        units: list[dict[tuple[str, str], int]] = []  # (coder, theme) -> present
        for study in self.ours.texts:
            rated = self._ratings(study)
            raters |= set(rated)
            units += [
                {
                    (coder, theme): min(1, value)
                    for coder, own in rated.items()
                    for theme, value in own.get(at, {}).items()
                }
                for at in {at for own in rated.values() for at in own}
            ]
        if len(raters) < 2:
            return {}
        found: dict[Key, object] = {}
        names = [code for code, _ in self.themes]
        for theme in ("", *names):
            rows = [
                [unit[coder, one] for coder in sorted(raters) if (coder, one) in unit]
                for unit in units
                for one in ([theme] if theme else names)
            ]
            pairs = [
                (unit[first, one], unit[second, one])
                for unit in units
                for one in ([theme] if theme else names)
                for first, second in combinations(sorted(raters), 2)
                if (first, one) in unit and (second, one) in unit
            ]
            for name, value in _coefficients([row for row in rows if len(row) > 1], pairs, len(raters)).items():
                found[theme, name] = value
        return found

    def _labels(self) -> dict[Key, object]:
        found: dict[Key, object] = {}
        disputed = 0
        for study, text in self.ours.texts.items():
            done, seen, said = self._done(study), self._seen(study), self._said(study)
            ruled = self._rulings(study)
            shown = {c: {w for w in text if w in (d.covers or ()) and w not in d.hidden} for c, d in done.items()}
            gone = [e.parts for e in (*said, *self._said(study, "ruled")) if _found(e.parts, text) is None]
            for at in (*text, *dict.fromkeys(gone)):
                here = [e for e in said if (_found(e.parts, text) or e.parts) == at]
                rulings = {theme: value for (place, theme), value in ruled.items() if place == at}
                silent = {coder: done[coder] for coder in done if at in shown[coder]}
                looked = [e for e in seen if _found(e.parts, text) == at]
                if not here and not rulings and not silent and not looked:
                    continue
                labels: dict[str, int] | None = {}
                for theme, _ in self.themes:
                    own: dict[str, int] = {}
                    for event in here:
                        if event.theme == theme:
                            own[event.coder] = max(own.get(event.coder, 0), event.value or 0)
                    for coder, mark in silent.items():
                        if theme in self._judged(mark.codes):
                            own.setdefault(coder, 0)
                    values = [rulings[theme]] if theme in rulings else list(own.values())
                    if values and min(values) == 0 < max(values):
                        labels = None
                        break
                    if values and min(values):
                        assert labels is not None
                        labels[theme] = min(values)
                if labels is None:
                    disputed += 1
                    continue
                known = {e.theme for e in here} | set(rulings)
                for event in (*here, *silent.values(), *looked, *self._ruled_at(study, at)):
                    known |= self._judged(event.codes)
                unknown = {code for code, _ in self.themes} - known - set(labels)
                words = text_of(at[0] if at in text else at)  # type: ignore[arg-type,index]
                found[study, words] = (tuple(sorted(labels.items())), tuple(sorted(unknown)))
        return {**found, ("", "disputed"): disputed}

    def _ruled_at(self, study: str, at: object) -> list[Event]:
        text = self.ours.texts[study]
        return [e for e in self._said(study, "ruled") if (_found(e.parts, text) or e.parts) == at]


def _found(parts: Parts, text: Sequence[Where]) -> Where | None:
    """The passage in which words stand now, whatever has become of single words: all their paragraphs must be there."""
    keys = [key for key, _ in parts]
    there = [key for where, _ in text for key, _ in where]
    if not all(key in there for key in keys):
        return None
    exact = [one for one in text if parts[0] in one[0]]
    return exact[0] if exact else next(one for one in text if keys[0] in [key for key, _ in one[0]])


def _instead(later: Event, event: Event, text: Sequence[Where]) -> bool:
    """Whether a later judgement is on the same passage, and the words of the earlier one are not those any more."""
    at = _found(event.parts, text)
    same = (later.coder, later.theme) == (event.coder, event.theme)
    return same and at is not None and _found(later.parts, text) == at and not _stands(event.parts, at)


def _stands(parts: Parts, at: Where) -> bool:
    """Whether the words are in that passage as they were."""
    return set(parts) <= set(at[0])


def _whole(parts: Parts, text: Sequence[Where]) -> bool:
    """Whether the words are in the text as they were, in one passage or over several."""
    line = [part for where, _ in text for part in where]
    return any(tuple(line[n : n + len(parts)]) == parts for n in range(len(line)))


def _joined(ours: list[Event], theirs: list[Event], parted: int) -> list[Event]:
    """Two logs with a past in common: each in its own order, what was decided first by the clock first."""
    made, rest, new = ours[:parted], ours[parted:], theirs[parted:]
    for event in new:
        while rest and rest[0].clock <= event.clock:
            made.append(rest.pop(0))
        made.append(event)
    return made + rest


def _folded(said: dict[str, int], column: str) -> int | None:
    highest = max(said.values(), default=None)
    return highest if highest or column in said else None


def _coefficients(rows: list[list[int]], pairs: list[tuple[int, int]], raters: int) -> Key:
    """Per cent, kappa (of two: Cohen's; of more: Fleiss's, as Gwet has it), AC1 and alpha of 0s and 1s."""
    number = len(rows)
    found: dict[str, object] = {"units": number}
    names = ("per cent", "kappa" if raters == 2 else "Fleiss kappa", "AC1", "alpha nominal")
    if not number:
        return {**found, **dict.fromkeys(names)}  # type: ignore[return-value]
    agree = (
        sum(
            (row.count(0) * (row.count(0) - 1) + row.count(1) * (row.count(1) - 1)) / (len(row) * (len(row) - 1))
            for row in rows
        )
        / number
    )
    present = sum(sum(row) / len(row) for row in rows) / number
    chance = present**2 + (1 - present) ** 2
    if raters == 2:
        first, second = (sum(pair[n] for pair in pairs) / len(pairs) for n in (0, 1))
        chance = first * second + (1 - first) * (1 - second)
    ratings = [value for row in rows for value in row]
    ones, total = sum(ratings), len(ratings)
    seen = sum(2 * row.count(0) * row.count(1) / (len(row) - 1) for row in rows)
    due = 2 * ones * (total - ones) / (total - 1)
    by_chance = 2 * present * (1 - present)
    values = (
        100 * agree,
        (agree - chance) / (1 - chance) if 1 - chance > 1e-12 else None,
        (agree - by_chance) / (1 - by_chance) if 1 - by_chance > 1e-12 else None,
        1 - seen / due if due > 1e-12 else None,
    )
    made = {name: None if value is None else round(value, 9) for name, value in zip(names, values, strict=True)}
    return {**found, **made}  # type: ignore[return-value]
