"""How far coders agree, with each other and with the machine, and whether the machine leads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from annotations.agreement.coefficients import told
from annotations.agreement.intercoder_agreement import SCALES, Agreement, agreements, disagreements, pairs
from annotations.agreement.ratings import Ratings, agreed_ratings, machine_ratings
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

if TYPE_CHECKING:
    from annotations.agreement.automation_bias import BiasComparison, Rate

# What the overview shows; the command line gives every coefficient.
MAIN = {
    "presence": ("per cent", "kappa", "Fleiss kappa", "AC1", "alpha nominal"),
    "strength": ("per cent", "kappa quadratic", "AC2 quadratic", "alpha ordinal"),
}
# What stands above each column in plain words; below it the name of the coefficient, what it is in a tooltip.
PLAIN = {
    "per cent": "the same answer", "kappa": "beyond chance, two coders", "kappa quadratic": "beyond chance, two coders",
    "Fleiss kappa": "beyond chance, any number", "AC1": "beyond chance, steady",
    "AC2 quadratic": "beyond chance, steady",
    "alpha nominal": "beyond chance, gaps allowed", "alpha ordinal": "beyond chance, gaps allowed",
}  # fmt: skip
# For those who do not read coefficients every day.
MEANINGS = {
    "per cent": "the share of pairs of judgements that are the same",
    "kappa": "Cohen's kappa: agreement beyond chance, for two coders; 1 = always, 0 = as by chance",
    "kappa quadratic": "Cohen's kappa where a step of two counts for more than a step of one",
    "Fleiss kappa": "agreement beyond chance, for any number of coders",
    "AC1": "Gwet's coefficient: agreement beyond chance, steady where nearly everything is a no",
    "AC2 quadratic": "Gwet's coefficient for 0, 1, 2",
    "alpha nominal": "Krippendorff's alpha: any number of coders, missing judgements allowed",
    "alpha ordinal": "Krippendorff's alpha for 0, 1, 2 in their order",
}
_DRAWS = 500  # of the bootstrap: a page should open in seconds; the command draws 1,000
_LISTED = 50  # disagreements on a page


class AgreementPage:
    """The page of the agreement between coders: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._made: dict[tuple[int, str, bool, str], list[Agreement]] = {}

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (PageRoute("/agreement", self.page, role="adjudicator", menu="Agreement"),)

    def page(self, request: Request, session: Session) -> Response:
        """The tables of one level, of all coders or of two of them, or of people and machine."""
        from annotations.agreement.automation_bias import automation_bias  # scipy.stats, which takes seconds to load

        context, query = self._context, request.query_params
        context.review_state.catch_up()
        blind = [
            source.id
            for source in context.review_items.sources
            if not context.coder_items.may_see_all(session, source.id)
        ]
        level = "study" if query.get("level") == "study" else "passage"
        machine = query.get("with") == "machine"
        passages, studies = context.matrix.ratings()
        people = _without(studies if level == "study" else passages, blind)
        decisions = context.review_state.decisions()
        proposals = context.review_items.proposals
        rated = agreed_ratings(people, decisions).beside(machine_ratings(people, proposals)) if machine else people
        two = [] if machine else list(pairs(rated))
        chosen = query.get("pair", "")
        pair = next((one for one in two if " / ".join(one) == chosen), None)
        rated = rated.only(pair) if pair else rated
        judged = bool(pairs(rated))
        bias: tuple[BiasComparison, ...] = ()
        if level == "passage" and people.raters and context.coder_items.assignment.settings.blind_share:
            bias = automation_bias(
                people, machine_ratings(people, proposals), decisions, context.coder_items.assignment
            )
        differing = list(disagreements(rated))
        return context.page(
            "agreement.html",
            session,
            here="/agreement",
            level=level,
            machine=machine,
            pairs=two,
            chosen=chosen,
            rated=rated,
            tables=self._tables(rated, level, machine, blind) if judged else {},
            main=MAIN,
            told=told,
            meanings=MEANINGS,
            plain=PLAIN,
            differing=differing[:_LISTED],
            more=max(0, len(differing) - _LISTED),
            bias=bias,
            blind=len(blind),
            of=context.review_items.source,
            rate_told=rate_told,
            difference_told=difference_told,
        )

    def _tables(self, rated: Ratings, level: str, machine: bool, blind: list[str]) -> dict[str, list[Agreement]]:
        key = (self._context.review_state.version, level, machine, "\0".join((*rated.raters, "", *blind)))
        if key not in self._made:
            self._made = {k: made for k, made in self._made.items() if k[0] == key[0]}  # the log has moved on
            self._made[key] = [one for scale in SCALES for one in agreements(rated, scale=scale, draws=_DRAWS)]
        return {scale: [one for one in self._made[key] if one.scale == scale] for scale in SCALES}


def _without(ratings: Ratings, studies: list[str]) -> Ratings:
    """`ratings` without those of `studies`."""
    keep = [number for number, place in enumerate(ratings.places) if place.source_id not in studies]
    if len(keep) == len(ratings.places):
        return ratings
    return replace(ratings, places=tuple(ratings.places[n] for n in keep), values=ratings.values[:, keep])


def rate_told(rate: Rate) -> str:
    """A rate with its interval."""
    around = f" [{100 * rate.interval[0]:.0f}, {100 * rate.interval[1]:.0f}] %" if rate.interval else ""
    return f"{rate.hits} of {rate.of}{around}"


def difference_told(one: BiasComparison) -> str:
    """Shown less hidden, in points."""
    found = one.difference
    return f"{100 * found[0]:+.0f} [{100 * found[1]:+.0f}, {100 * found[2]:+.0f}] points" if found else "-"
