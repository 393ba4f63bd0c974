"""Why something is not as it was in an earlier run: the events between the two, never the values themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from corpus.json_table import JsonTable
from synthesis.runs.snapshot import Snapshot

Why = Literal[
    "new source",
    "source removed",
    "new evidence",
    "new edition",
    "same words in another file",
    "text read anew",
    "new decision",
    "study done or open again",
    "new published coding",
    "coders assigned otherwise",
    "own codes placed otherwise",
    "new model",
    "machine calibrated anew",
    "new codebook",
    "proposals counted",
    "proposals no longer counted",
    "another version of Jaiza",
]
_TEXTS: dict[str, Why] = {"edition": "new edition", "read anew": "text read anew"}  # by the kind of an event


def why_cell(before: Snapshot, after: Snapshot, place: tuple[str, str]) -> tuple[Why, ...]:
    """The events between two runs that bear on the parts of a cell that have changed."""
    was, now = before.cells[place], after.cells[place]
    why: list[Why] = []
    if (was["human"], was["coders"]) != (now["human"], now["coders"]):
        why += _why_people(before, after, place)
    if was["published"] != now["published"]:
        why += _why_published(before, after, place)
    if was["machine"] != now["machine"]:
        why += why_machine(before, after, place[0])
    proposed = [bool(one.inputs.get("include_proposed")) for one in (before, after)]
    if was["basis"] != now["basis"] and "proposed" in (was["basis"], now["basis"]) and proposed[0] != proposed[1]:
        why.append("proposals counted" if proposed[1] else "proposals no longer counted")
    if not why and before.inputs.get("codebook") != after.inputs.get("codebook"):
        why.append("new codebook")
    return tuple(dict.fromkeys(why)) or ("another version of Jaiza",)


def _why_people(before: Snapshot, after: Snapshot, place: tuple[str, str]) -> list[Why]:
    """What happened between two runs that people's value of a cell depends on."""
    if "events" not in before.inputs or "events" not in after.inputs:
        return ["new decision"]  # of a run of an older version nobody knows what happened since
    source_id, column = place
    was, now = (_study(one, source_id) for one in (before, after))
    bearing = _bearing(before, after, column)
    why: list[Why] = []
    decided = _differing(was["decisions"], now["decisions"])
    # Who judges a passage says no to the themes they leave out of it.
    judged = bool(decided) or was.get("seen", 0) != now.get("seen", 0)
    if decided & bearing or (judged and after.inputs["events"].get("given_out")):
        why.append("new decision")
    if was["done"] != now["done"]:
        why.append("study done or open again")
    texts = _differing(was["texts"], now["texts"])
    why += [word for kind, word in _TEXTS.items() if kind in texts]
    if before.inputs.get("coding") != after.inputs.get("coding"):
        why.append("coders assigned otherwise")
    if before.inputs["events"]["codes"] != after.inputs["events"]["codes"]:
        why.append("own codes placed otherwise")
    return [*why, *_why_codebook(before, after, column)]


def _why_published(before: Snapshot, after: Snapshot, place: tuple[str, str]) -> list[Why]:
    """What happened between two runs that the published value of a cell depends on."""
    if "events" not in before.inputs or "events" not in after.inputs:
        return ["new published coding"]
    source_id, column = place
    was, now = (_study(one, source_id)["published"] for one in (before, after))
    ticked = _differing(was, now) & _bearing(before, after, column)
    found: list[Why] = ["new published coding"] if ticked else []
    return [*found, *_why_codebook(before, after, column)]


def _why_codebook(before: Snapshot, after: Snapshot, column: str) -> list[Why]:
    """Whether the codebook came to count other themes in a column, or says of themes that they were merged or split."""
    folding = [one.inputs["events"]["folding"].get(column) for one in (before, after)]
    other = before.inputs.get("recoding") != after.inputs.get("recoding")
    return ["new codebook"] if folding[0] != folding[1] or other else []


def _study(of: Snapshot, source_id: str) -> JsonTable:
    """The counts of events on a study."""
    nothing = {"decisions": {}, "published": {}, "done": 0, "texts": {}}
    found: JsonTable = of.inputs["events"]["studies"].get(source_id, nothing)
    return found


def _bearing(before: Snapshot, after: Snapshot, column: str) -> set[str]:
    """The themes whose decisions bear on a column, by either run."""
    columns = [one.inputs["events"]["columns"] for one in (before, after)]
    return {theme for mapping in columns for theme, its in mapping.items() if column in its}


def _differing(was: Mapping[str, int], now: Mapping[str, int]) -> set[str]:
    """What there are more of now than there were, or fewer."""
    return {key for key in {*was, *now} if was.get(key, 0) != now.get(key, 0)}


def why_machine(before: Snapshot, after: Snapshot, source_id: str) -> tuple[Why, ...]:
    was, now = before.sources.get(source_id), after.sources.get(source_id)
    if was is None or now is None:
        return ("new source",) if was is None else ("source removed",)
    changed = (was.file, was.extractor) != (now.file, now.extractor)
    why: list[Why] = [*why_read(before, after, source_id)] if changed else []
    if was.model and now.model and was.model != now.model:
        why.append("new model")
    if before.inputs.get("codebook") != after.inputs.get("codebook"):
        why.append("new codebook")
    if before.inputs.get("calibration") != after.inputs.get("calibration"):
        why.append("machine calibrated anew")  # by what people decided since
    return tuple(why) or ("another version of Jaiza",)


def why_read(before: Snapshot, after: Snapshot, source_id: str) -> tuple[Why, ...]:
    """Why a source has another file, or its text is another."""
    was, now = before.sources[source_id], after.sources[source_id]
    if was.file == now.file:
        return ("text read anew",)
    if not was.file or not now.file or "events" not in before.inputs or "events" not in after.inputs:
        return ("new evidence",)
    texts = [_study(one, source_id)["texts"] for one in (before, after)]
    kinds = _differing(*texts)
    return ("new edition",) if "edition" in kinds else ("same words in another file",)
