"""Codings for tools in which training data are labelled: Label Studio and doccano.

Both count positions in the study's text as a REFI-QDA export has it, in Unicode code points.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from corpus.json_table import JsonObject
from exchange.coded_review import NOT_IN_TEXT, CodedPassage, CodedReview, Study, User
from exchange.refi_qda import guid
from models.codebook.codebook import Codebook

STRENGTHS = {1: "mentioned", 2: "with evidence"}
_COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#F0E442", "#999999")


def write_label_studio(review: CodedReview, stream: BinaryIO) -> None:
    """Write a JSON list with a task per study that has a text: people's codings are annotations, one for each coder;
    the machine's are predictions. `label_studio_config` is the set-up that shows them."""
    stream.write(b"[")
    for number, study in enumerate(_with_text(review)):
        task = _task(study, review)
        stream.write((b",\n" if number else b"\n") + json.dumps(task, ensure_ascii=False).encode())
    stream.write(b"\n]\n")


def label_studio_config(codebook: Codebook) -> str:
    """The labelling interface to give a Label Studio project: themes, their strength, and what a study has or lacks."""
    labels = "\n".join(
        f"    <Label value={quoteattr(theme.code)} hint={quoteattr(theme.name)} background={quoteattr(colour)}/>"
        for theme, colour in zip(codebook.themes, _cycle(len(codebook.themes)), strict=True)
    )
    strengths = "\n".join(f"    <Choice value={quoteattr(name)}/>" for name in STRENGTHS.values())
    whole = "\n".join(
        f"    <Choice value={quoteattr(name)}/>" for code in codebook.codes for name in (code, _not(code))
    )
    return (
        f'<View>\n  <Labels name="theme" toName="text" choice="multiple">\n{labels}\n  </Labels>\n'
        f'  <Choices name="strength" toName="text" perRegion="true">\n{strengths}\n  </Choices>\n'
        f'  <Choices name="study" toName="text" choice="multiple" showInline="true">\n{whole}\n  </Choices>\n'
        '  <Header value="$label"/>\n  <Text name="text" value="$text" granularity="word"/>\n</View>\n'
    )


def write_doccano(review: CodedReview, stream: BinaryIO) -> None:
    """Write JSON lines for doccano's sequence labelling: one for each study and coder, so that coders stay apart.

    A label is [start, end, theme]; what a coder judged absent, and judgements on a study, have no place in it.
    """
    for study in _with_text(review):
        for user, codings in _by_user(study).items():
            spans = sorted([*c.span, c.theme] for c in codings if c.span and c.value)
            if spans:
                line = {
                    "text": study.reading.text,
                    "label": spans,
                    "source": study.source.id,
                    "study": study.source.label,
                    "coder": user.name,
                    "role": user.kind,
                }
                stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _task(study: Study, review: CodedReview) -> JsonObject:
    annotations, predictions = [], []
    for user, codings in _by_user(study).items():
        results = [result for coding in codings for result in _results(coding, study)]
        if user.kind == "machine":
            scores = [coding.suggestion.score for coding in codings if coding.suggestion]
            mean = sum(scores) / len(scores) if scores else 0.0
            predictions.append({"model_version": user.name, "score": round(mean, 4), "result": results})
        else:
            unique = guid("label studio", study.source.id, user.kind, user.name)
            annotations.append({"unique_id": unique, "coder": user.name, "role": user.kind, "result": results})
    data = {"text": study.reading.text, "label": study.source.label, "source": study.source.id}
    if review.sample:
        data["sample"] = "studies, texts and judgements are invented"
    return {"data": data, "annotations": annotations, "predictions": predictions}


def _results(coding: CodedPassage, study: Study) -> Iterator[JsonObject]:
    """What Label Studio calls results: a region with its label and strength, or a choice for the whole text.

    What was judged absent, and a quote that is not in the text, are choices for the whole text, with their words as
    meta, so that no region says more than the coder did.
    """
    region = guid("region", study.source.id, coding.key)[:12]
    words = f"{NOT_IN_TEXT} {coding.quote}" if coding.orphaned else "" if coding.span and coding.value else coding.quote
    meta = [text for text in (words, _note(coding)) if text]
    extra: JsonObject = {"meta": {"text": meta}} if meta else {}
    if coding.span is None or not coding.value:
        choice = coding.theme if coding.value else _not(coding.theme)
        yield {
            "id": region,
            "from_name": "study",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [choice]},
            **extra,
        }
        return
    start, end = coding.span
    where = {"start": start, "end": end, "text": study.reading.text[start:end]}
    score = {"score": round(coding.suggestion.score, 4)} if coding.suggestion else {}
    yield {
        "id": region,
        "from_name": "theme",
        "to_name": "text",
        "type": "labels",
        "value": {**where, "labels": [coding.theme]},
        **score,
        **extra,
    }
    yield {
        "id": region,
        "from_name": "strength",
        "to_name": "text",
        "type": "choices",
        "value": {**where, "choices": [STRENGTHS[coding.value]]},
    }


def _with_text(review: CodedReview) -> Iterator[Study]:
    return (study for study in review.studies if study.document and study.reading.text)


def _by_user(study: Study) -> Mapping[User, Sequence[CodedPassage]]:
    grouped: dict[User, list[CodedPassage]] = defaultdict(list)
    for coding in study.codings:
        grouped[coding.user].append(coding)
    return grouped


def _note(coding: CodedPassage) -> str:
    return coding.decision.note if coding.decision else ""


def _not(theme: str) -> str:
    return f"not {theme}"


def _cycle(number: int) -> Sequence[str]:
    return [_COLOURS[place % len(_COLOURS)] for place in range(number)]
