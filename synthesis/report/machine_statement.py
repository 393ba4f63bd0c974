"""The statement of the use of machines in a review: every sentence follows from its record.

What such a statement has to tell is set out by the RAISE recommendations (Responsible use of AI in evidence synthesis),
which Cochrane, the Campbell Collaboration, JBI and the Collaboration for Environmental Evidence support in a joint
position (Flemyng et al., Environmental Evidence 14:20, 2025, doi:10.1186/s13750-025-00374-5): what was used, for what,
who decided, how its performance was checked, and what this leaves open.
"""

from __future__ import annotations

from collections import Counter

from synthesis.humanize import counted, listed, percent
from synthesis.result import ReviewResult
from synthesis.statistics.machine_use import MachineUse
from synthesis.statistics.trust_table import trust_sentences

AFTER = (
    "Set out after the RAISE recommendations and the joint position of Cochrane, the Campbell Collaboration, JBI and "
    "the Collaboration for Environmental Evidence (Flemyng et al. 2025, doi:10.1186/s13750-025-00374-5)."
)


def statement(result: ReviewResult) -> list[tuple[str, list[str]]]:
    """(heading, sentences) for every part of the statement; one part where no machine proposed anything."""
    used = result.machine_use
    if used is None:
        return [("What was used", ["No machine proposed themes for this review: no text of a study was coded."])]
    return [
        ("What was used, and for what", _what(result, used)),
        ("Who decided", _who(result, used)),
        ("How its performance was checked", _checked(result)),
        ("What this leaves open", _limits(result, used)),
    ]


def _what(result: ReviewResult, used: MachineUse) -> list[str]:
    said = [
        f"Jaiza {result.versions.get('Jaiza', '')}".strip()
        + f" with the model {used.model_id} proposed themes for single "
        "passages, with a score and reasons, and from these a value for a study. It generates no "
        "text."
    ]
    voices = (
        f"It scores passages by {listed([f'“{name}”' for name in used.voices])}"
        if used.voices
        else "It goes by phrase rules and likeness"
    )
    said.append(f"{voices}{f', with the sentence encoders {used.encoders}' if used.encoders else ''}.")
    own = f", {used.own:,} of them labelled by people of this review" if used.own else ", none of them of this review"
    learned = (
        f"It learned from {counted(used.passages, 'labelled passage')} of {counted(used.documents, 'document')}{own}."
    )
    said.append(learned if used.passages else "It has learned from no labelled passage.")
    if used.promoted_by:
        by = "a comparison on held-out documents" if used.promoted_by == "jaiza" else used.promoted_by
        said.append(f"That this model counts was decided by {by}.")
    said.append(f"Its suggestions aim at “{used.aim}”; {used.suggestions:,} stand in the texts.")
    return said


def _who(result: ReviewResult, used: MachineUse) -> list[str]:
    said, record = [], used.record
    if record.answers:
        said.append(
            f"People answered {counted(record.answers, 'suggestion')}: {record.accepted:,} were accepted and "
            f"{record.rejected:,} rejected. {record.shown:,} of these answers were given with the suggestion in view."
        )
        said.append(f"They were given by {listed([f'{name} ({number:,})' for name, number in record.deciders])}.")
        if set(record.models) - {used.model_id}:
            said.append(f"They answered suggestions of the models {listed(list(record.models))}.")
    else:
        said.append("Nobody has answered a suggestion yet.")
    if record.without:
        said.append(
            f"{counted(record.without, 'decision')} on passages {'was' if record.without == 1 else 'were'} made where "
            "the machine had proposed nothing of the kind."
        )
    proposed = Counter(cell.basis for cell in result.cells)["proposed"]
    said.append(
        f"{counted(proposed, 'cell')} of the matrix {'rests' if proposed == 1 else 'rest'} on the machine alone."
        if proposed
        else "No cell of the matrix rests on the machine alone."
    )
    return said


def _checked(result: ReviewResult) -> list[str]:
    said = [result.model.note] if result.model and result.model.note else []
    return said + (trust_sentences(result.trust) if result.trust else [])


def _limits(result: ReviewResult, used: MachineUse) -> list[str]:
    said = []
    if used.suggestions > used.record.answers:
        said.append(
            f"{used.suggestions - used.record.answers:,} suggestions are without an answer, and count for nothing."
        )
    if used.record.answers and used.record.shown == used.record.answers:
        said.append("Every answer was given with the suggestion in view, so whether it led the coders can't be told.")
    if used.passages and not used.own:
        said.append("The model learned from other texts than those of this review, and may do worse on these.")
    if result.model and result.model.quality:
        code, worst = min(result.model.quality.items(), key=lambda item: item[1]["f1"])
        said.append(
            f"On held-out passages it is weakest on {code}: {percent(worst['precision'])} of its suggestions were "
            f"right, and it found {percent(worst['recall'])} of what there was."
        )
    return said or ["Nothing beyond the limits of the review as a whole."]
