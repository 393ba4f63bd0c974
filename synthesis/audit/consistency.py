"""The claims held against each other, and against the matrix as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synthesis.audit.claims import Claim, Claims, Kind
from synthesis.audit.facts import Facts
from synthesis.humanize import listed
from synthesis.matrix.cell import Cell, View
from synthesis.statistics.frequency import Frequency, frequencies


@dataclass(frozen=True, slots=True)
class Check:
    """One question about consistency, and its answer."""

    question: str
    holds: bool
    finding: str  # the numbers behind the answer


@dataclass(frozen=True, slots=True)
class SubsetOfStudies:
    """The frequencies of some of the studies."""

    name: str
    studies: int
    frequencies: tuple[Frequency, ...]


def check_all(claims: Claims, facts: Facts) -> tuple[Check, ...]:
    """Every check for which the claims give what it needs."""
    of_table = _of_kind(claims, "frequency") if claims.frequency_table else ()
    table = [claim for claim in of_table if claim.where == claims.frequency_table and claim.count is not None]
    found = [
        _one_value_per_theme(claims, facts),
        *(_table(table, facts) if table and facts.coded else ()),
        _counts_fit_percentages(claims),
        _one_first_theme(claims),
        *(_one_answer(claims, kind) for kind in ("variable count", "scale", "sample")),
        *_lists_cover_columns(claims, facts),
    ]
    return tuple(check for check in found if check)


def subsets(cells: Sequence[Cell], screening: Mapping[str, str], view: View) -> tuple[SubsetOfStudies, ...]:
    """Frequencies of all studies, of those that do not fail screening, and of those that pass."""
    chosen = [
        ("all studies", {cell.source_id for cell in cells}),
        ("without those that fail screening", {key for key, verdict in screening.items() if verdict != "fails"}),
        ("only those that pass screening", {key for key, verdict in screening.items() if verdict == "pass"}),
    ]
    return tuple(
        SubsetOfStudies(name, len(ids), frequencies([cell for cell in cells if cell.source_id in ids], view))
        for name, ids in chosen
        if ids
    )


def elsewhere(claim: Claim, claims: Claims) -> str:
    """What the same text says on the same point in other places, where that differs; else empty."""
    if claim.kind == "rank":
        rivals = [
            other for other in _of_kind(claims, "rank") if other.rank == claim.rank and other.theme != claim.theme
        ]
        return f"The same text gives this rank to {_named(rivals)}." if rivals else ""
    if claim.kind not in ("frequency", "variable count", "scale", "sample"):
        return ""
    mine = claims.stated(claim)
    others = [other for other in _of_kind(claims, claim.kind) if other.theme == claim.theme]
    differing = {value: places for value, places in _by_value(others, claims).items() if value != mine}
    said = [f"{value} in {listed(places)}" for value, places in differing.items()]
    return f"The same text says {'; '.join(said)}." if said else ""


def _one_value_per_theme(claims: Claims, facts: Facts) -> Check | None:
    stated = {code: _by_value(_frequency_claims(claims, code), claims) for code in facts.themes}
    several = {code: values for code, values in stated.items() if len(values) > 1}
    if not any(stated.values()):
        return None
    said = [
        f"{code}: {', '.join(f'{value} in {listed(places)}' for value, places in values.items())}; "
        f"{facts.themes[code].present} in the matrix"
        for code, values in several.items()
    ]
    return Check(
        "Does the text give each theme one frequency?",
        not several,
        (". ".join(said) if said else "Every theme has the same frequency wherever it is named") + ".",
    )


def _table(table: Sequence[Claim], facts: Facts) -> tuple[Check, ...]:
    rows = {claim.theme: claim.count or 0 for claim in table}
    matrix = {code: facts.themes[code].present for code in rows}
    differ = [f"{code} {rows[code]} against {matrix[code]}" for code in rows if rows[code] != matrix[code]]
    by_table = sorted(rows, key=lambda code: -rows[code])
    by_matrix = sorted(rows, key=lambda code: -matrix[code])
    orders = [
        f"{name}: {', '.join(f'{code} {counts[code]}' for code in order)}"
        for name, order, counts in (("Table", by_table, rows), ("Matrix", by_matrix, matrix))
    ]
    return (
        Check(
            "Do the rows of the frequency table follow from the matrix?",
            not differ,
            f"{len(differ)} of {len(rows)} rows differ" + (f": {listed(differ)}." if differ else "."),
        ),
        Check(
            "Has the frequency table as many ticks as the matrix?",
            sum(rows.values()) == sum(matrix.values()),
            f"{sum(rows.values())} in the table, {sum(matrix.values())} in the matrix.",
        ),
        Check("Do table and matrix put the themes in one order?", by_table == by_matrix, ". ".join(orders) + "."),
    )


def _counts_fit_percentages(claims: Claims) -> Check | None:
    pairs = [(claim.id, claim.count, claim.percent) for claim in _of_kind(claims, "frequency")]
    both = [(key, count, share) for key, count, share in pairs if count is not None and share is not None]
    if not both:
        return None
    base = claims.studies
    wrong = [
        f"{key}: {count} of {base} is not {share:g}%"
        for key, count, share in both
        if round(100 * count / base) != round(share)
    ]
    right = f"All {len(both)} pairs are right over {base} studies, so a wrong percentage comes from a wrong count."
    return Check("Do counts and percentages fit each other?", not wrong, f"{listed(wrong)}." if wrong else right)


def _one_first_theme(claims: Claims) -> Check | None:
    first = [claim for claim in _of_kind(claims, "rank") if claim.rank == 1]
    if not first:
        return None
    return Check("Is one theme called the first throughout?", len({c.theme for c in first}) == 1, f"{_named(first)}.")


def _one_answer(claims: Claims, kind: Kind) -> Check | None:
    found = _by_value(_of_kind(claims, kind), claims)
    if not found:
        return None
    said = "; ".join(f"{value} in {listed(places)}" for value, places in found.items())
    question = {
        "variable count": "Is the number of variables the same throughout?",
        "scale": "Is the number of points of the scale the same throughout?",
        "sample": "Is the number of studies the same throughout?",
    }[kind]
    return Check(question, len(found) == 1, f"{said}.")


def _lists_cover_columns(claims: Claims, facts: Facts) -> list[Check]:
    checks = []
    for claim in _of_kind(claims, "theme count"):
        covered = {facts.codebook.column_of(item.theme) for item in claim.items if item.theme}
        missing = [code for code in facts.coded if code not in covered]
        strange = [item.name for item in claim.items if not item.theme]
        finding = f"Columns without a theme: {listed(missing)}. " if missing else ""
        finding += f"Themes that are not a column: {listed(strange)}. " if strange else ""
        question = f"Are the themes listed in “{claim.where}” the columns of the matrix?"
        checks.append(Check(question, not finding, finding.strip() or "One theme for each column."))
    return checks


def _frequency_claims(claims: Claims, theme: str) -> list[Claim]:
    return [claim for claim in _of_kind(claims, "frequency") if claim.theme == theme]


def _of_kind(claims: Iterable[Claim], kind: Kind) -> list[Claim]:
    return [claim for claim in claims if claim.kind == kind]


def _by_value(found: Iterable[Claim], claims: Claims) -> dict[str, list[str]]:
    """What is said -> the places where it is said, in the order of the text."""
    places: dict[str, list[str]] = {}
    for claim in found:
        places.setdefault(claims.stated(claim), []).append(claim.where)
    return places


def _named(found: Sequence[Claim]) -> str:
    return listed([f"{claim.theme} ({claim.where})" for claim in found])
