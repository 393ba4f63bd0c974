"""The coding page: every decision is stored before the next suggestion is shown, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import tomli_w

from annotations.decision import Anchor, Decision, Mark
from review.pages import coding, document
from review.review_items import ReviewItems
from support.review_page import CODEBOOK, HOST, STUDIES, TEXTS, Served
from synthesis.humanize import SECTION_WORDS

KHAN, NOOR = STUDIES


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.log.close()


def test_by_study_suggestions_come_in_the_order_of_the_text_strongest_theme_first(served: Served) -> None:
    page = served.browser().get(f"/code?by=study&study={KHAN}").text
    assert f'data-passage="{served.passage(0)}" data-theme="GW"' in page
    assert "1 of 8, 8 open" in page
    panel = served.browser().act("value", KHAN, served.passage(0), "GW", value=1, query=f"by=study&study={KHAN}").json()
    assert f'data-passage="{served.passage(0)}" data-theme="FS"' in panel["panel"]


def test_the_panel_and_the_cell_name_the_kind_of_section_that_a_passage_stands_in(served: Served) -> None:
    browser, passage = served.browser(), served.review_items.documents[KHAN].passages[0]
    panel = browser.get(f"/code?by=study&study={KHAN}").text
    assert f'<span title="{passage.section_rule}">section: {SECTION_WORDS[passage.section]}</span>' in panel
    assert f"section: {SECTION_WORDS[passage.section]}" in browser.get(f"/cell/{KHAN}/GW").text


def test_an_answer_is_stored_with_its_anchor_and_what_the_machine_had_said(served: Served) -> None:
    answer = served.browser().act("value", KHAN, served.passage(0), "GW", value=2, note=" why ", seconds=3.21)
    assert answer.json()["say"] == "GW: with evidence"
    (decision,) = served.log.current()
    assert (decision.source_id, decision.theme, decision.value, decision.coder) == (KHAN, "GW", 2, "amina")
    assert (decision.model_id, decision.score, decision.shown, decision.seconds) == ("m1", 0.95, True, 3.2)
    assert (decision.note, decision.codebook) == ("why", CODEBOOK.revision)
    assert decision.anchor is not None
    assert (decision.anchor.quote, decision.anchor.passage_id) == (TEXTS[0], served.passage(0))
    assert [(mark.kind, mark.coder) for mark in served.log.marks()] == [("seen", "amina")]


def test_an_answer_reaches_the_matrix_at_once(served: Served) -> None:
    browser = served.browser()
    assert f"Khan (2016), GW: not known{''}" in browser.get("/").text
    browser.act("value", KHAN, served.passage(0), "GW", value=2)
    assert "Khan (2016), GW: 2, with evidence (agreed)" in browser.get("/").text


def test_an_act_sent_twice_is_stored_once(served: Served) -> None:
    browser, key = served.browser(), "2026-03-01T10:00:00.123456+00:00"
    for _ in range(2):
        assert browser.act("value", KHAN, served.passage(0), "GW", value=2, key=key).status_code == 200
    browser.act("undo", KHAN, served.passage(0), key="2026-03-01T10:00:01.000001+00:00")
    browser.act("undo", KHAN, served.passage(0), key="2026-03-01T10:00:01.000001+00:00")
    assert [decision.value for decision in served.log.history()] == [2, None]


def test_changing_the_theme_rejects_one_and_adds_the_other(served: Served) -> None:
    served.browser().act("change", KHAN, served.passage(1), "GW", to="TI", value=2)
    assert {d.theme: d.value for d in served.log.current()} == {"GW": 0, "TI": 2}


def test_codes_of_ones_own_are_made_given_and_undone_one_suggestion_at_a_time(served: Served) -> None:
    browser, passage = served.browser(), served.passage(1)
    made = browser.act("newcode", KHAN, passage, "GW", code="+" + "a" * 12, name="<b>Late</b> by months", under="GW")
    assert made.json()["say"] == "Code “<b>Late</b> by months” made under GW"
    assert f'data-passage="{passage}" data-theme="GW"' in made.json()["panel"]  # the suggestion waits for its answer
    assert "<li><b><bdi>&lt;b&gt;Late&lt;/b&gt; by months</bdi></b> mentioned" in made.json()["panel"]
    assert "&lt;b&gt;Late&lt;/b&gt; by months" in made.json()["choices"]
    assert f'value="+{"a" * 12}"' in made.json()["options"]
    assert "&lt;b&gt;Late&lt;/b&gt; by months</bdi></label>" in browser.get(f"/code?by=study&study={KHAN}").text
    undone = browser.act("undo", KHAN, passage, "GW")
    assert undone.json()["say"].startswith("Undone: the code “<b>Late</b> by months”")
    assert "by months" not in undone.json()["choices"]
    assert f'data-passage="{passage}" data-theme=""' in undone.json()["panel"]
    browser.act("newcode", "", "", code="+" + "b" * 12, name="Late", under="GW")
    browser.act("newcode", "", "", code="+" + "c" * 12, name="Surprising")
    assert browser.act("change", KHAN, passage, "GW", to="+" + "b" * 12, value=2).json()["say"] == (
        "GW and Late: with evidence"  # a code under the theme proposed rejects nothing
    )
    browser.act("change", KHAN, passage, "FS", to="+" + "c" * 12, value=1)
    values = {d.theme[:2]: d.value for d in served.log.current() if d.anchor}
    assert values == {"GW": 2, "+b": 2, "FS": 0, "+c": 1}


def test_undo_goes_back_as_far_as_one_likes_and_the_history_stays_whole(served: Served) -> None:
    browser, first, second = served.browser(), served.passage(0), served.passage(1)
    browser.act("value", KHAN, first, "GW", value=1)
    browser.act("value", KHAN, first, "GW", value=2)
    browser.act("change", KHAN, second, "GW", to="TI", value=1)
    browser.act("skip", KHAN, second, "FS")
    told = [browser.act("undo", KHAN, first).json()["say"] for _ in range(5)]
    assert told == [
        "Undone: skipped", "Undone: GW rejected, TI mentioned", "Undone: GW with evidence", "Undone: GW mentioned",
        "There is nothing to undo",
    ]  # fmt: skip
    assert served.log.current() == ()
    assert not [mark for mark in served.log.marks() if mark.kind != "seen"]
    assert [d.value for d in served.log.history() if d.theme == "GW" and d.anchor and d.anchor.passage_id == first] == [
        1, 2, 1, None,
    ]  # fmt: skip


def test_undo_works_after_a_restart(served: Served) -> None:
    served.browser().act("value", KHAN, served.passage(0), "GW", value=1)
    served.log.close()
    served.start()
    assert served.browser().act("undo", KHAN, served.passage(0)).json()["say"] == "Undone: GW mentioned"


def test_a_coder_undoes_only_their_own(served: Served) -> None:
    served.browser().act("value", KHAN, served.passage(0), "GW", value=1)
    other = served.browser("bilal", "coder")
    assert other.act("undo", KHAN, served.passage(0)).json()["say"] == "There is nothing to undo"


def test_a_finished_study_says_that_the_other_themes_are_not_discussed(served: Served) -> None:
    browser = served.browser()
    browser.act("value", KHAN, served.passage(0), "GW", value=1)
    served.show_all(browser)
    browser.act("done", KHAN, served.passage(0), sure=True)
    on_study = {d.theme: d.value for d in served.log.current() if d.anchor is None}
    assert on_study == {"FS": 0, "TI": 0}
    assert any(mark.kind == "done" for mark in served.log.marks())
    assert {cell.theme: cell.human for cell in served.context.cells(KHAN)} == {"GW": 1, "FS": 0, "TI": 0}


def test_opening_a_finished_study_again_takes_its_absences_back(served: Served) -> None:
    browser = served.browser()
    for act in ("done", "reopen"):
        browser.act(act, KHAN, served.passage(0), sure=True)
    assert served.log.current() == ()
    assert not [mark for mark in served.log.marks() if mark.kind == "done"]


def test_a_code_added_to_a_finished_study_is_not_overruled_by_its_absence(served: Served) -> None:
    browser = served.browser()
    served.show_all(browser)
    browser.act("done", KHAN, served.passage(0), sure=True)
    browser.act("add", KHAN, served.passage(2), to="TI", value=2)
    assert {cell.theme: cell.human for cell in served.context.cells(KHAN)} == {"GW": 0, "FS": 0, "TI": 2}
    browser.act("undo", KHAN, served.passage(2))
    assert {cell.theme: cell.human for cell in served.context.cells(KHAN)} == {"GW": 0, "FS": 0, "TI": 0}


def test_rejecting_the_only_passage_of_a_finished_study_makes_the_theme_absent(served: Served) -> None:
    browser = served.browser()
    browser.act("value", KHAN, served.passage(0), "GW", value=1)
    served.show_all(browser)
    browser.act("done", KHAN, served.passage(0), sure=True)
    browser.act("value", KHAN, served.passage(0), "GW", value=0)
    assert next(cell.human for cell in served.context.cells(KHAN) if cell.theme == "GW") == 0


def test_what_was_decided_when_the_passage_stood_on_another_page_can_be_taken_back(served: Served) -> None:
    passage = served.review_items.documents[STUDIES[0]].passages[0]
    then = Anchor(passage.text, 9, passage.id)
    served.log.record([Decision(STUDIES[0], "TI", 2, "amina", anchor=then, decided="2026-01-01T10:00:00+00:00")])
    browser = served.browser()
    answer = browser.act("remove", STUDIES[0], passage.id, "GW", to="TI", quote=passage.text, stay=True)
    assert answer.status_code == 200
    assert not [decision for decision in served.log.current() if decision.theme == "TI"]
    assert not served.context.review_state.own("amina", STUDIES[0]).by_passage[passage.id]


def test_a_finished_study_to_which_passages_have_come_is_open_again_and_can_be_finished_again(served: Served) -> None:
    first, *rest = (passage.id for passage in served.review_items.documents[STUDIES[0]].passages)
    then = Mark(STUDIES[0], "done", "amina", covers=(first,), themes=CODEBOOK.codes, decided="2026-01-01")
    served.log.record(marks=[then])
    browser = served.browser()
    page = browser.get(f"/code?study={STUDIES[0]}").text
    assert f"<b>Open again:</b> {len(rest)} new passages" in page
    items = served.context.coder_items
    mine = [item for item in items.items("amina") if item.source_id == STUDIES[0]]
    waiting = {item.passage_id for item in mine if items.waits("amina", item)}
    assert waiting == set(rest)
    served.show_all(browser)
    browser.act("done", STUDIES[0], first, "GW", sure=True)
    assert served.log.marks()[-1].covers == (first, *rest)
    assert "is done already" in browser.act("done", STUDIES[0], first, "GW", sure=True).text


def test_selected_words_are_kept_as_the_passage_has_them(served: Served) -> None:
    browser = served.browser()
    words = [row[0] for row in browser.get(f"/words/{KHAN}/2").json()]
    first, last = words.index("test"), words.index("again,")
    given = {"page": 2, "first": first, "last": last}
    assert (
        browser.get(f"/quote?source={KHAN}&page=2&first={first}&last={last}")
        .json()["quote"]
        .startswith("test of means")
    )
    browser.act("words", KHAN, served.passage(0), "GW", to="TI", value=1, **given)
    (decision,) = served.log.current()
    assert decision.anchor is not None
    assert decision.anchor.quote == "test of means was made only once and never again,"
    assert (decision.anchor.page, decision.anchor.passage_id) == (2, served.passage(2))
    document = served.review_items.documents[KHAN]
    assert decision.anchor.offset is not None
    assert document.text[decision.anchor.offset :].startswith("test of means")
    assert decision.model_id == ""


def test_a_skipped_suggestion_is_found_again(served: Served) -> None:
    browser = served.browser()
    browser.act("skip", KHAN, served.passage(0), "GW")
    assert "1 of 1, 1 open" in browser.get("/code?by=skipped").text
    assert "16 of 16" not in browser.get("/code?by=study").text
    browser.act("value", KHAN, served.passage(0), "GW", value=1)
    assert "Nothing is proposed here" in browser.get("/code?by=skipped").text


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("by=study", 16), (f"study={NOOR}", 8), ("theme=FS", 8), ("least=0.9", 6), ("most=0.6", 2),
        ("words=LIST+because", 4), ("words=nowhere", 0), ("by=conflict", 0), ("by=decided", 0), ("least=x", 16),
    ],
)  # fmt: skip
def test_the_list_can_be_narrowed(served: Served, query: str, total: int) -> None:
    page = served.browser().get(f"/code?{query}").text
    assert (f"1 of {total}, {total} open" if total else "Nothing is proposed here") in page


def test_where_coder_and_machine_differ_is_a_list_of_its_own(served: Served) -> None:
    browser = served.browser()
    for number in range(4):
        browser.act("value", KHAN, served.passage(number), "GW", value=0)
    browser.act("done", KHAN, served.passage(0), sure=True)
    assert "of 4, 0 open" in browser.get("/item?by=conflict&step=1").json()["panel"]


def test_the_words_of_a_report_and_of_a_note_cannot_become_markup(served: Served) -> None:
    browser = served.browser()
    browser.act("value", KHAN, served.passage(1), "GW", value=1, note="<script>alert(2)</script>")
    pages = [
        browser.get(f"/code?by=study&study={KHAN}&words=alert").text,
        browser.get(f"/item?by=decided&from=x&source={KHAN}&passage={served.passage(1)}&at=GW&step=1").json()["panel"],
        browser.get(f"/cell/{KHAN}/GW").text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_study_without_a_text_is_listed_but_not_asked_about(served: Served) -> None:
    page = served.browser().get("/").text
    assert "Lost (2001)" in page
    assert "no text yet" in page
    assert "inbox" in served.browser().get("/document/lost-2001").text
    assert "study=lost-2001" not in page


def test_a_page_image_is_drawn_once_and_may_be_kept(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = served.browser()
    first = browser.get(f"/picture/{KHAN}/1?scale=1.5")
    assert (first.headers["content-type"], first.content[:4]) == ("image/png", b"\x89PNG")
    assert "immutable" in first.headers["cache-control"]
    monkeypatch.setattr("review.page_images.page_image_isolated", lambda *_, **__: None)
    assert browser.get(f"/picture/{KHAN}/1?scale=1.5").content == first.content
    assert len(browser.get(f"/picture/{KHAN}/1?scale=99").content) == len(first.content)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"value": 3}, "value must be one of"),
        ({"value": True}, "value must be one of"),
        ({"theme": "XX"}, "no theme 'XX'"),
        ({"passage": "bbb"}, "no passage 'bbb'"),
        ({"passage": "../../etc/passwd"}, "no passage"),
        ({"source": "nobody"}, "no study 'nobody'"),
        ({"source": "../khan-2016"}, "no study"),
        ({"act": "drop"}, "no act 'drop'"),
        ({"key": "yesterday"}, "an act needs a key"),
        ({"key": "2999-03-01T10:00:00.123456+00:00"}, "clock"),
        ({"note": "x" * 5000}, "a note has up to"),
        ({"note": "x" * 100_000}, "more was sent"),
        ({"act": "words", "page": 9, "first": 0, "last": 1, "to": "GW", "value": 1}, "no page '9'"),
        ({"act": "words", "page": 1, "first": 5, "last": 1, "to": "GW", "value": 1}, "Select them again"),
        ({"act": "words", "page": "1", "first": 0, "last": 1, "to": "GW", "value": 1}, "a number is expected"),
        ({"act": "add", "to": "GW", "value": 0}, "value must be one of 1, 2"),
    ],
)
def test_a_wrong_act_is_refused_in_one_line_and_nothing_recorded(
    served: Served, given: dict[str, object], why: str
) -> None:
    sent = {"act": "value", "source": KHAN, "passage": served.passage(0), "theme": "GW", "value": 1, **given}
    answer = served.browser().act(**sent)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert served.log.entries() == ()


def test_every_key_is_in_the_documentation() -> None:
    documented = (Path(__file__).parent.parent.parent / "docs" / "reviewing.md").read_text(encoding="utf-8")
    for keys, _ in (*coding.KEYS, *document.KEYS):
        assert all(f"`{key}`" in documented for key in keys), keys


def test_from_a_passage_around_it_one_comes_back_to_the_suggestion(served: Served) -> None:
    browser, first = served.browser(), served.passage(0)
    around = browser.get(f"/item?by=study&source={KHAN}&passage={first}&at=FS&move=1").json()["panel"]
    assert f'data-passage="{served.passage(1)}" data-theme=""' in around
    back = browser.get(f"/item?by=study&source={KHAN}&passage={first}&at=FS&step=0").json()["panel"]
    assert f'data-passage="{first}" data-theme="FS"' in back


def test_a_review_without_suggestions_opens_the_first_document(served: Served) -> None:
    served.review_items = ReviewItems(
        served.review_items.sources, served.review_items.documents, {}, served.review_items.codebook
    )
    served.log.close()
    served.start()
    page = served.browser().get("/code").text
    assert f'data-source="{KHAN}"' in page
    assert "This study is done" in page


def test_warming_up_draws_the_first_page_and_changes_nothing(served: Served) -> None:
    served.context.warm_up()
    assert list((served.workspace.root / "pictures").rglob("*.png"))
    assert served.log.entries() == ()


def test_the_words_of_the_pages_are_one_click_away_from_each_of_them(served: Served) -> None:
    browser = served.browser()
    for path in ("/", "/code", "/codebook", "/sources", "/memos"):
        assert '<a href="/words">Words</a>' in browser.get(path).text
    page = browser.get("/words").text
    assert "<dt><strong>anchor</strong></dt><dd>how a decision finds its words again" in page
    assert page.count("<dt>") >= 30
    assert "`" not in page


def test_a_page_tells_what_has_come_to_the_review_and_takes_it_in(served: Served) -> None:
    context = served.context
    context.load_items = lambda: served.review_items
    browser = served.browser()
    assert 'id="news" hidden' in browser.get("/").text
    codebook = {"title": "made", "theme": [_theme(code) for code in (*CODEBOOK.codes, "NEW")]}
    (served.workspace.root / "codebook.toml").write_text(tomli_w.dumps(codebook), encoding="utf-8")
    (served.workspace.root / "outcomes.json").write_text("[]", encoding="utf-8")
    told = "a run has finished, the codebook was changed"
    assert told in browser.get("/").text
    answer = browser.act("seen", STUDIES[0], served.passage(0), "GW")
    assert unquote(answer.headers["X-Jaiza-News"]) == told
    browser.post("/reload", data={"csrf": browser.csrf}, headers={"Origin": f"http://{HOST}"})
    assert 'id="news" hidden' in browser.get("/").text
    assert "X-Jaiza-News" not in browser.act("seen", STUDIES[0], served.passage(1), "GW").headers


def _theme(code: str) -> dict[str, object]:
    return {"code": code, "name": code, "definition": "d", "include": ["a"], "exclude": ["b"], "examples": ["c"]}
