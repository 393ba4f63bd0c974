"""What a change of the codebook does to the decisions made before it: themes merged, renamed or split; rules changed.

A decision is never rewritten. Where its theme is no longer in the codebook, `recoding.toml` says what became of it, and
the current view shows it so. What can't be told from it (which part of a split theme it would be now) and what was
decided under other rules is to be looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotations.decision import DONE, Decision, Mark, place
from models.codebook.codebook import Codebook
from models.codebook.recoding import FILE, Recoding, add_recoding, codes_now, load_recoding, read_recoding, themes_now

__all__ = [
    "FILE", "JudgedThemes", "Recoding", "Touched", "add_recoding", "codes_now", "judged_themes", "load_recoding",
    "read_recoding", "recoded", "themes_now", "touched",
]  # fmt: skip

# What a coder goes by; a new name, example or place in the matrix changes no decision.
_RULES = ("definition", "include", "exclude", "borderline")
_THEME = 3  # where a place has the theme


@dataclass(frozen=True, slots=True)
class Touched:
    """A decision that the codebook as it is now puts in question."""

    decision: Decision
    themes: tuple[str, ...]  # of the codebook, under which to look at it again
    why: str


def recoded(decisions: Sequence[Decision], changes: Sequence[Recoding], codebook: Codebook) -> tuple[Decision, ...]:
    """The decisions that count now, under the themes of `codebook`; in the order of the log.

    Of merged themes the highest value counts; a study is 0 only where each of them was 0 in it. A split theme's 0 is a
    0 of every part; its 1 or 2 counts for no new part, for which one it is is not known. What was decided after the
    change stands by itself. A theme of which nothing is said keeps its code and stands in no column.
    """
    kept: dict[tuple[str, ...], Decision] = {}
    mapped: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in decisions:
        parts = codes_now(decision.theme, changes, codebook)
        change = _change_of(decision, changes, codebook)
        if change is None or not parts or (change.kind == "split" and decision.theme in parts):
            kept[place(decision)] = decision
        # A 0 that only followed from being done was said of the themes there were.
        said_no = decision.value == 0 and decision.origin != DONE
        if change and (len(parts) == 1 or said_no):
            for code in parts:
                mapped[place(replace(decision, theme=code))].append(decision)
    for where, found in mapped.items():
        if where in kept:
            continue
        best = max(found, key=lambda decision: decision.value or 0)
        code = where[_THEME]
        if best.value or best.anchor or _said_of_all(code, {decision.theme for decision in found}, changes):
            kept[where] = replace(best, theme=code)
    return tuple(sorted(kept.values(), key=lambda decision: decision.number))


def _said_of_all(code: str, said: Collection[str], changes: Sequence[Recoding]) -> bool:
    """Whether what was `said` of themes before they changed was said of all that `code` came from.

    Of a theme that was renamed and then merged it is enough to have judged it under either name.
    """
    for at in reversed(range(len(changes))):
        change = changes[at]
        if code in change.into:
            if code in said and code not in change.themes:
                return True
            return all(_said_of_all(old, said, changes[:at]) for old in change.themes)
    return code in said


def touched(
    decisions: Iterable[Decision],
    changes: Sequence[Recoding],
    codebook: Codebook,
    revisions: Mapping[str, Codebook],
) -> tuple[Touched, ...]:
    """Which of the decisions that count now are to be looked at again, and why. `revisions` are those that are kept.

    A decision whose revision is not kept is not touched: nobody can say what its coder went by.
    """
    made = [decision for decision in decisions if decision.role != "published"]
    there = {place(decision) for decision in made if _change_of(decision, changes, codebook) is None}
    known: dict[tuple[str, str], str] = {}
    found = []
    for decision in made:
        code = decision.theme
        parts = codes_now(code, changes, codebook)
        change = _change_of(decision, changes, codebook)
        why = ""
        if not parts:
            why = f"{code} is no longer in the codebook"
        elif change and change.kind == "split" and decision.value:
            # Decided again since, under one of the parts: that is the answer.
            if not any(place(replace(decision, theme=part)) in there for part in parts):
                why = f"{code} was split into {', '.join(parts)}"
        elif code in codebook.codes and decision.codebook in revisions:
            if (decision.codebook, code) not in known:
                known[decision.codebook, code] = _difference(revisions[decision.codebook], codebook, code)
            why = known[decision.codebook, code]
        if why:
            found.append(Touched(decision, parts, why))
    return tuple(found)


def _change_of(decision: Decision, changes: Sequence[Recoding], codebook: Codebook) -> Recoding | None:
    """The change that the theme of a decision went through after it was decided."""
    for change in changes:
        if decision.theme in change.themes:
            # A publication is as old as its themes, whenever its ticks were read.
            if decision.theme not in codebook.codes or decision.role == "published":
                return change
            return None if _made_since(decision, change, codebook) else change
    return None


def _made_since(decision: Decision, change: Recoding, codebook: Codebook) -> bool:
    """Whether a decision on a theme that kept its code was made after the change: under another revision than those
    there had been. The clock is asked only where the change does not tell these, or the decision not its own."""
    if change.before and decision.codebook:
        return decision.codebook not in change.before
    return decision.decided > change.decided if decision.decided else decision.codebook == codebook.revision


def _difference(old: Codebook, new: Codebook, code: str) -> str:
    if code not in old.codes:
        return ""
    before, after = old.theme(code), new.theme(code)
    changed = [field for field in _RULES if getattr(before, field) != getattr(after, field)]
    return f"{code}: {', '.join(changed)} changed since revision {old.revision}" if changed else ""


@dataclass(frozen=True, slots=True)
class JudgedThemes:
    """Which of today's themes somebody judged who judged under an earlier revision of the codebook.

    What they left out of a passage they said no to, but only of the themes there were: a theme that came later, or that
    is a part of one that was split, they did not judge. A renamed theme is the same one; one that several were merged
    into was judged by whoever could have given each of them.
    """

    codes: tuple[str, ...]  # of today's codebook
    revisions: Mapping[str, frozenset[str]] = field(default_factory=dict)  # revision -> today's themes judged under it
    changes: tuple[Recoding, ...] = ()

    def of(self, what: Decision | Mark) -> frozenset[str]:
        """The themes that a decision or mark says no to, unless something was said of them. All of today's where
        nobody knows which revision it was made under, or no revision is kept."""
        if isinstance(what, Mark) and what.themes is not None:
            return themes_now(what.themes, self.changes, self.codes)
        if not what.codebook or not self.revisions:
            return frozenset(self.codes)
        return self.revisions.get(what.codebook, frozenset())

    def of_any(self, said: Sequence[Decision | Mark]) -> frozenset[str]:
        """The themes that any of them judged, those given included."""
        known = {what.theme for what in said if isinstance(what, Decision)}
        return frozenset(known.union(*map(self.of, said)))


def judged_themes(revisions: Mapping[str, Codebook], changes: Sequence[Recoding], codebook: Codebook) -> JudgedThemes:
    """What was judged under each revision of a review's codebook that is kept."""
    known = {revision: themes_now(kept.codes, changes, codebook.codes) for revision, kept in revisions.items()}
    return JudgedThemes(codebook.codes, {**known, codebook.revision: frozenset(codebook.codes)}, tuple(changes))
