"""How a claim of each kind is tested against the facts of a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from models.codebook.codebook import Codebook
from synthesis.audit.claims import Claim, Claims, Kind
from synthesis.audit.facts import Facts
from synthesis.humanize import count_of, counted, listed, ordinal, percent

Verdict = Literal["agrees", "disagrees", "partly", "depends on", "not testable"]
# The verdicts in the order in which they are shown, each in words for one claim and for several.
VERDICT_COUNTS: Mapping[Verdict, tuple[str, str]] = {
    "disagrees": ("disagrees with it", "disagree with it"),
    "partly": ("holds in part", "hold in part"),
    "depends on": ("depends on what is not known", "depend on what is not known"),
    "not testable": ("can’t be tested", "can’t be tested"),
    "agrees": ("agrees", "agree"),
}


@dataclass(frozen=True, slots=True)
class Tested:
    """What testing a claim gave."""

    verdict: Verdict
    count: int | None  # recomputed, in the unit of the claim: studies, rows, columns, values of a scale, entries
    percent: float | None  # recomputed, of all studies
    why: str  # the arithmetic in a sentence or two
    assumption: str = ""  # what the claim depends on: it holds if this is so


def _sample(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    rows = facts.studies
    if claim.count is not None and claim.count != rows:
        return Tested("disagrees", rows, None, f"The matrix has {rows} rows, the claim says {claim.count}.")
    if not claim.every_study_peer_reviewed:
        return Tested("agrees", rows, None, f"The matrix has {rows} rows.")
    found = {answer: facts.peer_reviewed.get(answer, 0) for answer in ("yes", "no", "unknown")}
    known = f"{found['yes']} peer-reviewed, {found['no']} not, {found['unknown']} unknown"
    why = f"The matrix has {rows} rows, as claimed. Of these the registry knows {known}."
    if found["yes"] == rows:
        return Tested("agrees", rows, None, why)
    if found["no"]:
        return Tested("partly", rows, None, why)
    unsure = counted(found["unknown"], "study", "studies")
    return Tested("depends on", rows, None, why, f"{unsure} of which it is not known being peer-reviewed")


def _window(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    first, last = claim.from_year or 0, claim.to_year or 0
    outside = [f"{label}: {year}" for label, year in facts.years.items() if year and not first <= year <= last]
    unknown = [label for label, year in facts.years.items() if year is None]
    inside = facts.studies - len(outside) - len(unknown)
    why = f"{inside} of {facts.studies} studies are dated {first} to {last} in the registry"
    if outside:
        return Tested("disagrees", inside, None, f"{why}; outside: {listed(outside)}.")
    if unknown:
        why = f"{why}; no year is known for {listed(unknown)}."
        return Tested("depends on", inside, None, why, f"{listed(unknown)} being dated {first} to {last}")
    return Tested("agrees", inside, None, f"{why}.")


def _variables(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    columns = facts.coded
    why = (
        f"The matrix has {counted(len(columns), 'coded column')} ({', '.join(columns)}), the claim says {claim.count}."
    )
    if gone := [item.name for item in claim.items if item.theme not in columns]:
        why += f" Listed there without a column: {listed(gone)}."
    return Tested("agrees" if claim.count == len(columns) else "disagrees", len(columns), None, why)


def _scale(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    values = [str(value) for value in sorted(facts.values)]
    if not values:
        return Tested("not testable", 0, None, "No cell of the matrix has a value in this view.")
    why = f"The matrix holds the {'value' if len(values) == 1 else 'values'} {listed(values)} and no other."
    return Tested("agrees" if claim.count == len(values) else "disagrees", len(values), None, why)


def _list(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    entries = len(claim.items)
    why = f"{counted(entries, 'entry', 'entries')} listed there, the claim says {claim.count}."
    if claim.count != entries:
        return Tested("disagrees", entries, None, why)
    if not claim.same_list_as:
        return Tested("agrees", entries, None, why)
    other = claims.named(claim.same_list_as)
    mine, theirs = _by_column(claim, facts.codebook), _by_column(other, facts.codebook)
    added = [name for column, name in mine.items() if column not in theirs]
    missing = [name for column, name in theirs.items() if column not in mine]
    if not added and not missing:
        return Tested("agrees", entries, None, f"{why} The list is that of {other.id} ({other.where}).")
    why += f" They are not those of {other.id} ({other.where})"
    why += f"; only here: {listed(added)}" if added else ""
    why += f"; only there: {listed(missing)}" if missing else ""
    return Tested("partly", entries, None, f"{why}.")


def _by_column(claim: Claim, codebook: Codebook) -> dict[str, str]:
    """The entries of a list by the matrix column they belong to; by their own name where there is none."""
    return {(item.theme and codebook.column_of(item.theme)) or item.name: item.name for item in claim.items}


def _frequency(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    found = facts.themes[claim.theme]
    share = 100 * found.least
    claimed = claims.stated_count(claim)
    said = f"{claimed} ({claim.percent:g}%)" if claim.percent is not None else f"{claimed}"
    if found.unknown:
        why = (
            f"{claim.theme} is present in {count_of(found.present, found.total)} and unknown in {found.unknown}: "
            f"between {percent(found.least)} and {percent(found.most)}. The claim is {said}."
        )
        fitting = [more for more in range(found.unknown + 1) if _fits(claim, found.present + more, found.total)]
        if not fitting:
            return Tested("disagrees", found.present, share, why)
        return Tested("depends on", found.present, share, why, _unknowns(claim, facts, fitting[0], fitting[-1]))
    difference = claimed - found.present
    why = f"{claim.theme} is present in {count_of(found.present, found.total)}; the claim is {said}"
    if difference:
        why += f": {abs(difference)} too {'many' if difference > 0 else 'few'}"
    fits = _fits(claim, found.present, found.total)
    return Tested("agrees" if fits else "disagrees", found.present, share, f"{why}.")


def _unknowns(claim: Claim, facts: Facts, least: int, most: int) -> str:
    """What has to be found in the unknown cells of a theme: "2 of the 4 unknown studies reporting GW"."""
    unknown = facts.themes[claim.theme].unknown
    if least == most == unknown:
        number = "the unknown study" if unknown == 1 else f"all {unknown} unknown studies"
    elif least == most:
        number = f"{least or 'none'} of the {counted(unknown, 'unknown study', 'unknown studies')}"
    elif most == unknown:
        number = f"at least {least} of the {counted(unknown, 'unknown study', 'unknown studies')}"
    else:
        number = f"{least} to {most} of the {counted(unknown, 'unknown study', 'unknown studies')}"
    return f"{number} reporting {claim.theme}"


def _fits(claim: Claim, count: int, total: int) -> bool:
    if claim.count is not None and claim.count != count:
        return False
    if claim.percent is None:
        return True
    decimals = len(f"{claim.percent:g}".partition(".")[2])  # "71.7" was rounded to one place
    return total > 0 and abs(claim.percent - 100 * count / total) <= 0.5 * 0.1**decimals + 1e-9


def _rank(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    found, rank = facts.themes[claim.theme], claim.rank or 0
    best, worst = facts.ranks(claim.theme)
    order = ", ".join(f"{theme.theme} {theme.present}" for theme in facts.in_order())
    place = ordinal(best) if best == worst else f"{ordinal(best)} to {ordinal(worst)}"
    why = f"By count: {order}. {claim.theme} is {place}, the claim says {ordinal(rank)}."
    share = 100 * found.least
    if claim.not_a_count:
        why = f"{claim.not_a_count.capitalize()} is not a count. {why}"
        return Tested("not testable", found.present, share, why)
    if not best <= rank <= worst:
        return Tested("disagrees", found.present, share, why)
    if best == worst:
        return Tested("agrees", found.present, share, why)
    unknown = counted(facts.unknown, "unknown cell")
    return Tested("depends on", found.present, share, why, f"{unknown} leaving {claim.theme} {ordinal(rank)}")


def _quantifier(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    rule = claims.threshold(claim)
    if rule is None:
        return _vague(claim, claims, facts) if claim.percent is None else _frequency(claim, claims, facts)
    found = facts.themes[claim.theme]
    why = f"{claim.theme} is present in {count_of(found.present, found.total)}"
    why += f" and unknown in {found.unknown}" if found.unknown else ""
    why += f"; the claim needs {rule}."
    fitting = [more for more in range(found.unknown + 1) if rule.holds(found.present + more, found.total)]
    verdict: Verdict = "disagrees" if not fitting else "agrees" if len(fitting) == found.unknown + 1 else "depends on"
    assumption = _unknowns(claim, facts, fitting[0], fitting[-1]) if verdict == "depends on" else ""
    if verdict == "agrees" and claim.undefined_word:
        verdict, why = "partly", f"{why} That holds, but “{claim.undefined_word}” has no threshold."
    if claim.not_coded:
        why += f" Not coded: {claim.not_coded}."
    return Tested(verdict, found.present, 100 * found.least, why, assumption)


def _vague(claim: Claim, claims: Claims, facts: Facts) -> Tested:
    found = facts.themes[claim.theme]
    wording = f"“{claim.word}” has" if claim.word else "The wording has"
    why = f"{wording} no threshold. {claim.theme} is present in {count_of(found.present, found.total)}."
    return Tested("not testable", found.present, 100 * found.least, why)


TESTS: dict[Kind, Callable[[Claim, Claims, Facts], Tested]] = {
    "sample": _sample,
    "window": _window,
    "variable count": _variables,
    "scale": _scale,
    "theme count": _list,
    "count": _list,
    "frequency": _frequency,
    "rank": _rank,
    "quantifier": _quantifier,
    "vague quantifier": _vague,
}
