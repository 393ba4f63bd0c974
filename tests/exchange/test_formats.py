"""Codings for other tools: what stands at the positions they give is what was coded, and whose it is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from arro3.io import read_parquet
from docx import Document as WordDocument
from lxml import etree

from exchange.coded_review import select_codings
from exchange.readers.tables.layouts import read_table
from exchange.writers.coding_table import COLUMNS, coding_table, codings_parquet
from exchange.writers.labelling_tools import label_studio_config, write_doccano, write_label_studio
from exchange.writers.quotations import quotations_docx
from exchange.writers.web_annotation import write_annotations
from models.codebook.codebook import shipped_codebook
from support.exchange_review import FIRST, SECOND, decisions, review
from synthesis.matrix.tables import to_csv

ORPHAN = "the reserve will be gone within eleven years"


def _written(write: Any) -> str:
    stream = io.BytesIO()
    write(review(), stream)
    return stream.getvalue().decode()


def test_the_selectors_of_an_annotation_agree() -> None:
    collection = json.loads(_written(write_annotations))
    items, texts = collection["first"]["items"], collection["jaiza:texts"]
    assert collection["total"] == len(items) == len(decisions()) + 1
    exact = []
    for item in items:
        selectors = item["target"].get("selector", [])
        if isinstance(selectors, list) and selectors:
            quote, position, fragment = selectors
            text = texts[item["target"]["source"]["id"]]
            assert text[position["start"] : position["end"]] == quote["exact"]
            assert text[: position["start"]].endswith(quote["prefix"])
            assert text[position["end"] :].startswith(quote["suffix"])
            exact.append((quote["exact"], fragment["value"]))
    assert ("The office’s registers were closed – 43", "page=1&viewrect=70.0,100.0,430.0,10.0") in exact
    assert (FIRST, "page=1") in exact  # it ends on page 2
    assert len({item["id"] for item in items}) == len(items)


def test_an_annotation_names_its_maker_and_what_it_says() -> None:
    items = json.loads(_written(write_annotations))["first"]["items"]
    said = {(i["creator"]["name"], i["creator"]["type"], i["motivation"], i["body"][0]["value"]) for i in items}
    assert ("machine m1 (suggestions)", "Software", "classifying", "TI with evidence") in said
    assert ("Benazir", "Person", "assessing", "GW judged absent") in said
    assert ("published", "Organization", "assessing", "DIG judged absent") in said
    (orphan,) = [i for i in items if i["target"].get("selector") == {"type": "TextQuoteSelector", "exact": ORPHAN}]
    assert orphan["body"][1] == {
        "type": "TextualBody", "purpose": "commenting", "value": "An earlier draft.", "format": "text/plain",
    }  # fmt: skip


def test_a_label_studio_task_keeps_people_and_machine_apart() -> None:
    (task,) = json.loads(_written(write_label_studio))
    text = task["data"]["text"]
    regions = [r for a in task["annotations"] for r in a["result"] if r["type"] == "labels"]
    for region in regions:
        assert text[region["value"]["start"] : region["value"]["end"]] == region["value"]["text"]
    assert {r["value"]["text"]: r["value"]["labels"] for r in regions} == {
        "43 percent of widows were never entered": ["TI"], "The office’s registers were closed – 43": ["GW"],
        SECOND: ["GW"],
    }  # fmt: skip
    assert [(a["coder"], a["role"]) for a in task["annotations"]] == [
        ("Amina", "coder"), ("Benazir", "coder"), ("Amina", "adjudicator"),
    ]  # fmt: skip
    (prediction,) = task["predictions"]
    assert (prediction["score"], prediction["result"][0]["value"]["text"]) == (0.8312, FIRST)
    rejected = [r for r in task["annotations"][1]["result"] if r["value"].get("choices") == ["not GW"]]
    assert [r["meta"]["text"] for r in rejected] == [[SECOND, "Late, but\nnot badly run."]]


def test_the_labelling_interface_has_every_name_the_tasks_use() -> None:
    config = etree.fromstring(label_studio_config(shipped_codebook()))
    names = {element.get("name") for element in config.iter() if element.get("name")}
    values = {element.get("value") for element in config.iter() if element.get("value")}
    (task,) = json.loads(_written(write_label_studio))
    for result in [r for part in (*task["annotations"], *task["predictions"]) for r in part["result"]]:
        assert {result["from_name"], result["to_name"]} <= names
        assert set(result["value"].get("labels", []) + result["value"].get("choices", [])) <= values


def test_doccano_has_a_line_for_each_coder() -> None:
    lines = [json.loads(line) for line in _written(write_doccano).splitlines()]
    found = {line["coder"]: [(line["text"][s:e], theme) for s, e, theme in line["label"]] for line in lines}
    assert found == {
        "Amina": [("The office’s registers were closed – 43", "GW"), ("43 percent of widows were never entered", "TI"),
                  (SECOND, "GW")],
        "machine m1": [(FIRST, "TI")],
    }  # fmt: skip


def test_the_table_is_read_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "codings.csv").write_bytes(to_csv(coding_table(review())))
    contents = read_table(tmp_path / "codings.csv")
    assert contents.problems == contents.unused == []
    human = [d for d in decisions() if d.role != "published"]
    found = [(f.origin.name, *f.codes, f.value, f.coder, f.role, f.quote, f.page, f.decided) for f in contents.codings]
    assert found == [
        (d.source_id, d.theme, d.value, d.coder, d.role, d.anchor.quote if d.anchor else "",
         d.anchor.page if d.anchor else None, d.decided)
        for d in sorted(human, key=lambda d: d.source_id != "torrand-2021")
    ]  # fmt: skip
    assert contents.codings[0].facts == {"model_id": "m1", "score": 0.75, "seconds": 4.5, "shown": True}


def test_parquet_has_the_same_columns_typed(tmp_path: Path) -> None:
    (tmp_path / "codings.parquet").write_bytes(codings_parquet(review()))
    table = read_parquet(tmp_path / "codings.parquet").read_all()
    assert list(table.schema.names) == list(COLUMNS)
    assert table.num_rows == len(decisions()) + 1
    assert table["value"].to_pylist() == coding_table(review())["value"].tolist()
    assert table["page"].to_pylist()[0] is not None
    assert None in table["page"].to_pylist()
    assert codings_parquet(review()) == codings_parquet(review())


def test_the_context_of_a_quote_is_short_enough_for_what_puts_it_on_a_page() -> None:
    found = 0
    for item in json.loads(_written(write_annotations))["first"]["items"]:
        selectors = item["target"].get("selector", []) if isinstance(item["target"], dict) else []
        for selector in selectors if isinstance(selectors, list) else []:
            for side in ("prefix", "suffix"):
                found += side in selector
                assert len(selector.get(side, "").encode("utf-16-le")) <= 64
    assert found


def test_a_quote_that_is_not_in_the_text_is_marked_everywhere() -> None:
    table = coding_table(review())
    assert not table.set_index("quote").loc[ORPHAN, "in_text"]
    assert set(table["in_text"].dropna()) == {True, False}
    (marked,) = [i for i in json.loads(_written(write_annotations))["first"]["items"] if i.get("jaiza:notInText")]
    assert marked["target"]["selector"]["exact"] == ORPHAN
    assert f"[not in the text] {ORPHAN}" in _written(write_label_studio)
    words = "\n".join(p.text for p in WordDocument(io.BytesIO(quotations_docx(review()))).paragraphs)
    assert f"“{ORPHAN}” [not in the text]" in words


def test_quotations_are_chosen_by_theme_study_and_coder() -> None:
    chosen = select_codings(review(), themes=["GW"], coders=["Benazir"], studies=["torrand-2021"])
    assert [(study.source.id, coding.theme, coding.user.name) for study, coding in chosen.codings] == [
        ("torrand-2021", "GW", "Benazir")
    ]
    assert quotations_docx(chosen) == quotations_docx(chosen)
    assert len(select_codings(review(), coders=["machine"]).studies[0].codings) == 1
    every = [coding for study in review().studies for coding in study.codings]
    strong = [coding for study in select_codings(review(), values=[2]).studies for coding in study.codings]
    assert 0 < len(strong) < len(every)
    assert {(coding.value, coding.user.kind == "machine") for coding in strong} == {(2, False)}
