"""The figures of the report, worked out again from the CSV files beside it with a few lines of pandas."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, fisher_exact

from pipeline.runs.result_files import write_results
from support.review_result import review

Tables = dict[str, pd.DataFrame]
THEMES = ["GW", "IF", "TI", "FS", "DIG", "CGL"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, drawn_figures: Path) -> Path:
    """A report on the 25 studies, in which the registry knows of programmes and kinds."""
    made, place = review(), tmp_path_factory.mktemp("out")
    facts = [
        replace(
            source,
            programmes=(("BISP", "Zakat"), ("Zakat",), ())[number % 3],
            kind=("thesis", "policy report", "unknown")[number % 3],
        )
        for number, source in enumerate(made.sources)
    ]
    from synthesis.patterns.patterns import PatternMaterial, find_patterns

    again = find_patterns(made.cells, facts, made.codebook, PatternMaterial(), view="merged")
    assert made.patterns is not None
    patterns = replace(made.patterns, groups=again.groups)
    write_results(replace(made, sources=facts, patterns=patterns), place, figures=drawn_figures)
    return place


@pytest.fixture(scope="module")
def cells(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "cells.csv")


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    """The tables of the page by their captions."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    found = {}
    for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
        caption = re.search(r"<caption>(.*?)</caption>", table, flags=re.DOTALL)
        if caption:
            found.setdefault(caption[1], pd.read_html(io.StringIO(table))[0])
    return found


def named(tables: Tables, start: str) -> pd.DataFrame:
    return next(table for caption, table in tables.items() if caption.startswith(start))


def wide(cells: pd.DataFrame, view: str = "merged") -> pd.DataFrame:
    return cells.pivot(index="source", columns="theme", values=view)[THEMES]


def code(name: str) -> str:
    return name.rsplit("(", 1)[1].rstrip(")")


def of_view(table: pd.DataFrame, view: str) -> pd.DataFrame:
    return table[table["View"] == view].set_index("Theme").rename(index=code).loc[THEMES]


def per_cent(shares: pd.Series) -> list[str]:
    return [f"{100 * share:.0f}%" for share in shares]


@pytest.mark.parametrize("view", ["merged", "published", "human", "machine"])
def test_frequencies_with_their_intervals(cells: pd.DataFrame, tables: Tables, view: str) -> None:
    values = wide(cells, view)
    present, known, z = (values > 0).sum(), values.notna().sum(), 1.959963984540054
    share = present / known
    centre = (share + z**2 / (2 * known)) / (1 + z**2 / known)
    half = z * np.sqrt(share * (1 - share) / known + z**2 / (4 * known**2)) / (1 + z**2 / known)
    shown = named(tables, "Frequency of each theme")
    shown = of_view(shown, view)
    assert shown["Present"].astype(int).to_list() == present.to_list()
    assert shown["Known"].astype(int).to_list() == known.to_list()
    coded = known[known > 0].index
    if view == "machine":  # which never says that something is absent
        assert set(shown["Per cent"]) | set(shown["95% interval"]) == {"–"}
        return
    assert shown.loc[coded, "Per cent"].to_list() == per_cent(share[coded])
    low, high = per_cent((centre - half)[coded].clip(0)), per_cent((centre + half)[coded].clip(upper=1))
    assert shown.loc[coded, "95% interval"].to_list() == [f"{a} – {b}" for a, b in zip(low, high, strict=True)]


def test_bootstrap_ranks_and_the_range_without_one_study(cells: pd.DataFrame, tables: Tables) -> None:
    values = cells.pivot(index="source", columns="theme", values="merged").loc[cells["source"].unique(), THEMES]
    picks = np.random.default_rng(25).integers(0, len(values), (2000, len(values)))
    draws = pd.DataFrame([(values.iloc[pick] > 0).sum() / values.iloc[pick].notna().sum() for pick in picks])
    leads = draws.eq(draws.max(axis=1), axis=0)
    first = leads.div(leads.sum(axis=1), axis=0).mean()
    rest = pd.DataFrame([(values.drop(s) > 0).sum() / values.drop(s).notna().sum() for s in values.index])
    shown = named(tables, "Firmness of each frequency")
    shown = of_view(shown, "merged")
    assert shown["Comes first"].to_list() == per_cent(first)
    ranges = zip(per_cent(rest.min()), per_cent(rest.max()), strict=True)
    assert shown["Without one study"].to_list() == [f"{low} – {high}" for low, high in ranges]


def test_pairs_of_themes(cells: pd.DataFrame, tables: Tables) -> None:
    values = wide(cells)
    counts, p = {}, {}
    for one, other in combinations(THEMES, 2):
        pair = values[[one, other]].dropna() > 0
        table = pd.crosstab(pair[one], pair[other]).reindex([True, False], fill_value=0).T
        table = table.reindex([True, False], fill_value=0).T
        counts[f"{one} and {other}"] = table.to_numpy().ravel().tolist()
        p[f"{one} and {other}"] = fisher_exact(table)[1]
    q = dict(zip(p, false_discovery_control(list(p.values())), strict=True))
    shown = named(tables, "Pairs of themes").set_index("Themes")
    for pair in p:
        row = shown.loc[pair]
        assert row[["Both", "First only", "Second only", "Neither"]].astype(int).to_list() == counts[pair]
        assert (float(row["p"]), float(row["q"])) == pytest.approx((p[pair], q[pair]), abs=5e-4)


def test_themes_by_programme_kind_and_period(cells: pd.DataFrame, tables: Tables) -> None:
    cells = cells.assign(
        Programme=cells["programmes"].fillna("not known").str.split("; "),
        Kind=cells["kind"].replace("unknown", "not known"),
        Period=cells["year"].map(lambda y: "not known" if pd.isna(y) else f"{y // 5 * 5:.0f}–{y // 5 * 5 + 4:.0f}"),
    )
    for fact in ("Programme", "Kind", "Period"):
        values = cells.explode(fact).dropna(subset="merged").groupby([fact, "theme"])["merged"]
        expected = values.apply(lambda v: f"{(v > 0).sum()}/{len(v)}").unstack()[THEMES]
        page = named(tables, f"Studies that report each theme by {fact.lower()}").set_index(fact)[THEMES]
        assert page.loc[expected.index].to_dict() == expected.to_dict()


def test_fewer_studies_and_the_machine_beside_people(cells: pd.DataFrame, tables: Tables) -> None:
    shown = named(tables, "Studies that report each theme, merged view").set_index("Studies")
    for name, verdicts in (("without those that fail", ["pass", "doubtful"]), ("only those that pass", ["pass"])):
        present = (wide(cells[cells["screening"].isin(verdicts)]) > 0).sum()
        row = shown[shown.index.str.startswith(name)].iloc[0]
        assert [int(str(row[theme]).split(" ")[0]) for theme in THEMES] == present.to_list()
    people = cells["human"].fillna(cells["published"])
    both = pd.DataFrame({"people": people > 0, "machine": cells["machine"] > 0})[
        people.notna() & cells["machine"].notna()
    ]
    row = named(tables, "Cells in which people and machine").iloc[0]
    assert int(row["Both say yes"]) == (both["people"] & both["machine"]).sum()
    assert int(row["Machine only"]) == (~both["people"] & both["machine"]).sum()
    assert int(row["Cells"]) == len(both)


def test_the_machine_under_other_thresholds(cells: pd.DataFrame, tables: Tables) -> None:
    shown = named(tables, "Studies the machine would call present")
    read = cells[cells["machine"].notna()]
    for _, row in shown.iterrows():
        rule, limit = str(row.iloc[0]), float(row["Threshold"])
        meets = read["machine_best"] >= limit if rule.startswith("one") else read["machine_chance"] < limit
        assert row[THEMES].astype(int).to_list() == [int(meets[read["theme"] == theme].sum()) for theme in THEMES]


def test_the_saturation_curve_is_the_mean_over_orders(cells: pd.DataFrame, folder: Path) -> None:
    known = cells.dropna(subset="merged")
    order = [s for s in cells["source"].unique() if s in set(known["source"])]
    has = known.assign(has=known["merged"] > 0).pivot(index="source", columns="theme", values="has").loc[order]
    grid = has.fillna(False).astype(bool).to_numpy()
    shuffle = np.random.default_rng(1)
    curves = [np.logical_or.accumulate(grid[shuffle.permutation(len(grid))]).sum(axis=1) for _ in range(4000)]
    page = (folder / "report.html").read_text(encoding="utf-8")
    table = page.split("The curve as a table")[1].split("</table>")[0] + "</table>"
    shown = pd.read_html(io.StringIO(table[table.index("<table") :]))[0]
    assert shown["Themes, mean"].to_list() == pytest.approx(np.mean(curves, axis=0).tolist(), abs=0.06)


def test_the_tree_counts_the_codings(folder: Path) -> None:
    codings = pd.read_csv(folder / "codings.csv").query("standing == 'proposed'")
    page = (folder / "report.html").read_text(encoding="utf-8")
    said = re.findall(r"<b>(\w+)</b> Theme \w+: \d+ sub-theme.*?</details>", page, flags=re.DOTALL)
    assert sorted(said) == sorted(codings["theme"].unique())
    groups = re.findall(r"(\d+) passages? of (\d+) stud", page.split("From codes to themes")[1].split("<h3>")[0])
    assert sum(int(passages) for passages, _ in groups) == len(codings)
