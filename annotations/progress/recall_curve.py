"""The stopping rule as a picture: an SVG that stands by itself or inside a page."""

from __future__ import annotations

from html import escape

from annotations.progress.stopping_rule import RecallEstimate

WIDTH, HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 150, 34, 46  # margins; the names of the lines stand on the right
_BOUND, _FOUND, _TARGET, _INK, _GRID = "#1b5e8c", "#b0b7bf", "#b3541e", "#333333", "#e3e6e9"


def recall_curve(estimate: RecallEstimate, *, title: str = "Share of the true codes found") -> str:
    """The lower bound of the share found over the number reviewed, the target, and the codes met so far."""
    span = max(estimate.total, 1)

    def x(reviewed: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * reviewed / span, 1)

    def y(share: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * share, 1)

    def line(points: list[tuple[float, float]], colour: str, width: float) -> str:
        path = " ".join(f"{a},{b}" for a, b in points)
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def text(a: float, b: float, words: str, *, colour: str = _INK, anchor: str = "start", size: int = 12) -> str:
        return f'<text x="{a}" y="{b}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'

    parts = [
        f'<line x1="{x(0)}" x2="{x(span)}" y1="{y(share)}" y2="{y(share)}" stroke="{_GRID}"/>'
        + text(x(0) - 6, y(share) + 4, f"{share:.0%}", anchor="end")
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    last = estimate.curve[-1]
    bound = [(x(point.reviewed), y(point.bound)) for point in estimate.curve]
    met = [(x(point.reviewed), y(point.found / max(estimate.found, 1))) for point in estimate.curve]
    # The names keep 15 apart, in the order of the lines' ends.
    ends = sorted(
        [
            (y(last.bound), f"at least {last.bound:.0%} found", _BOUND),
            (y(estimate.target), f"target {estimate.target:.0%}", _TARGET),
            (y(1.0 if estimate.found else 0.0), f"{estimate.found:,} codes met", "#7b838b"),
        ]
    )
    names, free = [], 0.0
    for height, words, colour in ends:
        free = max(height + 4, free)
        names.append(text(x(span) + 8, free, words, colour=colour))
        free += 15
    said = (
        f"{estimate.reviewed:,} of {estimate.total:,} reviewed; with {estimate.confidence:.0%} confidence at least "
        f"{last.bound:.0%} of the true codes among them have been found."
    )
    parts += [
        line(met, _FOUND, 1.5),
        f'<line x1="{x(0)}" x2="{x(span)}" y1="{y(estimate.target)}" y2="{y(estimate.target)}" stroke="{_TARGET}" '
        'stroke-dasharray="5 4"/>',
        line(bound, _BOUND, 2.5),
        f'<circle cx="{bound[-1][0]}" cy="{bound[-1][1]}" r="3.5" fill="{_BOUND}"/>',
        *names,
        text(x(0), HEIGHT - _BOTTOM + 18, "0", anchor="middle"),
        text(x(span), HEIGHT - _BOTTOM + 18, f"{estimate.total:,}", anchor="middle"),
        text((x(0) + x(span)) / 2, HEIGHT - 10, "suggestions reviewed", anchor="middle"),
        text(_LEFT, 18, title, size=13),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="sans-serif" role="img" aria-label="{escape(said, quote=True)}">\n'
        + "\n".join([f"<title>{escape(said)}</title>", *parts])
        + "\n</svg>\n"
    )
