"""`jaiza agreement`: how far coders agree with each other, and with the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError, UnknownChoiceError
from corpus.json_table import JsonObject

if TYPE_CHECKING:
    from annotations.agreement.automation_bias import BiasComparison
    from annotations.agreement.intercoder_agreement import Agreement, Disagreement
    from annotations.agreement.ratings import Ratings
    from pipeline.coding_state import CodingState

# What the overview shows; `--theme` and --json give every coefficient.
_MAIN = {
    "presence": ("per cent", "kappa", "Fleiss kappa", "AC1", "alpha nominal"),
    "strength": ("per cent", "kappa quadratic", "AC2 quadratic", "alpha ordinal"),
}
_QUOTE = 300  # characters of a passage in the list of disagreements


@command("agreement", example="jaiza agreement --theme GW", reads=True)
@click.option("--theme", help="Everything on one theme: all coefficients, the table, the passages that differ.")
@click.option("--coder", "coders", multiple=True, help="Only these coders; give it twice or more often.")
@click.option(
    "--level", type=click.Choice(["passage", "study"]), default="passage", show_default=True,
    help="Compare passages that were judged twice, or studies.",
)  # fmt: skip
@click.option("--machine", is_flag=True, help="Compare what people hold with what the machine proposes.")
@click.option("--draws", type=click.IntRange(0, 100_000), default=1000, show_default=True, help="Of the bootstrap.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
def agreement_command(
    options: Options, *, theme: str | None, coders: tuple[str, ...], level: str, machine: bool, draws: int, seed: int
) -> None:
    """How far coders agree: per cent, kappa, AC1, alpha, each with its 95 % bootstrap interval.

    Only what at least two of them judged is compared. "undefined: no variation" means that all say the same
    everywhere, so that nothing can be told from chance.
    """
    from annotations.agreement.intercoder_agreement import SCALES, agreements, disagreements, pairs
    from pipeline.coding_state import open_coding

    coding = open_coding(options.workspace)
    if theme and theme not in coding.codebook.codes:
        raise UnknownChoiceError("theme", theme, coding.codebook.codes)
    people = coding.ratings(coding.independent)[level == "study"]
    for coder in coders:
        if coder not in people.raters:
            raise UnknownChoiceError("coder", coder, people.raters)
    people = people.only(coders) if coders else people
    rated = _with_machine(coding, people) if machine else people
    if not pairs(rated):
        raise JaizaError(_nothing(rated, machine=machine))
    groups = [rated.raters, *(pairs(rated) if len(rated.raters) > 2 else ())]
    made = [
        one
        for group in groups
        for scale in SCALES
        for one in agreements(rated.only(group), scale=scale, draws=draws, seed=seed)
    ]
    differing = list(disagreements(rated, themes=[theme] if theme else []))
    bias = _bias(coding, people) if level == "passage" else ()
    if options.json:
        print_json(
            {
                "level": level,
                "draws": draws,
                "seed": seed,
                "raters": rated.raters,
                "agreement": [asdict(one) for one in made if theme in (None, one.theme)],
                "disagreements": [asdict(one) for one in differing],
                "automation_bias": [_bias_facts(one) for one in bias],
            }
        )
        return
    if theme:
        for one in made:
            if one.theme == theme:
                _show_one(one)
        _show_disagreements(differing)
        return
    for scale in SCALES:
        _show_overview([one for one in made if one.scale == scale and one.raters == rated.raters])
    _show_pairs([one for one in made if not one.theme and one.raters != rated.raters])
    on_presence = sum(one.scale == "presence" for one in differing)
    click.echo(
        f"{len(differing)} disagreements, {on_presence} on presence. See them: jaiza agreement --theme "
        f"{differing[0].theme if differing else coding.codebook.codes[0]}"
    )
    _show_bias(bias)


def _with_machine(coding: CodingState, people: Ratings) -> Ratings:
    from annotations.agreement.ratings import agreed_ratings, machine_ratings

    return agreed_ratings(people, coding.decisions).beside(machine_ratings(people, coding.proposals))


def _bias(coding: CodingState, people: Ratings) -> Sequence[BiasComparison]:
    from annotations.agreement.automation_bias import automation_bias
    from annotations.agreement.ratings import machine_ratings

    machine = machine_ratings(people, coding.proposals)
    found = automation_bias(people, machine, coding.decisions, coding.assignment)
    return found if any(one.hidden.of for one in found) else ()


def _nothing(rated: Ratings, *, machine: bool) -> str:
    if machine:
        return "people and machine have judged nothing both: run `jaiza run`, then `jaiza review`"
    who = ", ".join(rated.raters) or "nobody yet"
    return (
        f"no two coders have judged the same {'studies' if rated.level == 'study' else 'passages'} (coders: {who}): "
        "see [coding] double_share in review.toml"
    )


def _show_overview(made: Sequence[Agreement]) -> None:
    """One row a theme."""
    from annotations.agreement.coefficients import told

    first = made[0]
    names = [name for name in _MAIN[first.scale] if name in first.coefficients]
    things = "passages x themes" if first.level == "passage" else "studies x themes"
    click.echo(f"{first.scale.capitalize()}, {_and(first.raters)}: {first.units} {things} judged by two or more")
    rows = [(one.theme or "all", one.units, *(told(one.coefficients[name], name) for name in names)) for one in made]
    print_table(("theme", "judged", *names), rows)
    click.echo()


def _show_pairs(made: Sequence[Agreement]) -> None:
    from annotations.agreement.coefficients import told

    for scale, main in _MAIN.items():
        ours = [one for one in made if one.scale == scale]
        names = [name for name in main if name != "Fleiss kappa"]
        rows = [(_and(one.raters), one.units, *(told(one.coefficients[name], name) for name in names)) for one in ours]
        if rows:
            print_table((f"{scale}, two by two", "judged", *names), rows)
            click.echo()


def _show_one(one: Agreement) -> None:
    from annotations.agreement.coefficients import told

    things = {"passage": ("passage", "passages"), "study": ("study", "studies")}[one.level][one.units != 1]
    click.echo(f"{one.theme}, {one.scale}, {_and(one.raters)}: {one.units} {things} judged by two or more")
    print_table(("coefficient", "value"), [(name, told(value, name)) for name, value in one.coefficients.items()])
    across = one.raters[1] if len(one.raters) == 2 else "the other"
    names = [str(k) for k in range(len(one.confusion))] if one.scale == "strength" else ["absent", "present"]
    print_table(
        (f"{one.raters[0] if len(one.raters) == 2 else 'one'} \\ {across}", *names),
        [(name, *row) for name, row in zip(names, one.confusion, strict=True)],
    )
    click.echo()


def _show_disagreements(found: Sequence[Disagreement]) -> None:
    rows = [
        (
            one.place.source_id,
            one.place.page or "",
            one.scale,
            ", ".join(f"{rater} {value}" for rater, value in one.ratings),
            _cut(one.place.quote),
        )
        for one in found
    ]
    print_table(("source", "page", "differ on", "values", "passage"), rows)
    if not rows:
        click.echo("no disagreement on this theme")


def _show_bias(found: Sequence[BiasComparison]) -> None:
    if not found:
        return
    click.echo("\nWhere coders saw the machine's suggestion, and where by lot they did not:")
    print_table(
        ("shown", "hidden", "difference", "rate"),
        [
            (
                _rate(asdict(one)["shown"], one.shown.interval),
                _rate(asdict(one)["hidden"], one.hidden.interval),
                _difference(one),
                one.question,
            )
            for one in found
        ],
    )


def _rate(rate: dict[str, int], interval: tuple[float, float] | None) -> str:
    around = f" [{100 * interval[0]:.0f}, {100 * interval[1]:.0f}] %" if interval else ""
    return f"{rate['hits']}/{rate['of']}{around}"


def _difference(one: BiasComparison) -> str:
    found = one.difference
    return f"{100 * found[0]:+.0f} [{100 * found[1]:+.0f}, {100 * found[2]:+.0f}] points" if found else "-"


def _bias_facts(one: BiasComparison) -> JsonObject:
    return {
        "question": one.question,
        "difference": one.difference,
        "shown": {**asdict(one.shown), "interval": one.shown.interval},
        "hidden": {**asdict(one.hidden), "interval": one.hidden.interval},
    }


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rsplit(" ", 1)[0] + " …"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
