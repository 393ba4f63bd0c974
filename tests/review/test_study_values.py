"""Values for a study as a whole, memos, codes of one's own, and changes of the codebook, from the page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.workspace import CodingSettings
from models.codebook.codebook import load_codebook
from support.review_page import STUDIES, Served

KHAN, NOOR = STUDIES
FIRST_CODE = "+0123456789ab"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.log.close()


@pytest.fixture
def own_codebook(served: Served) -> Served:
    """The review with its codebook as a file of its own, as a person has written it."""
    themes = "\n".join(
        f'[[theme]]\ncode = "{t.code}"\nname = "{t.name}"\ndefinition = "{t.definition}"\ninclude = ["{t.code} in"]\n'
        f'exclude = ["{t.code} out"]\nexamples = []\n'
        for t in served.review_items.codebook.themes
    )
    text = f'# kept by hand\ntitle = "made"\n\n{themes}'
    (served.workspace.root / "codebook.toml").write_text(text, encoding="utf-8")
    return served


def _cells(served: Served, source: str = KHAN) -> dict[str, int | None]:
    return {cell.theme: cell.human for cell in served.context.cells(source)}


def test_a_study_takes_a_value_that_counts_and_can_be_taken_back(served: Served) -> None:
    browser = served.browser()
    said = browser.act("study", KHAN, "", "GW", value=2, view="form", note="see the tables").json()["say"]
    assert said == "Khan (2016), GW: 2, with evidence"
    assert _cells(served)["GW"] == 2
    assert "see the tables" in browser.get(f"/sheet/{KHAN}").text
    browser.act("study", KHAN, "", "GW", value="", view="form")
    assert _cells(served)["GW"] is None
    assert browser.act("undo", KHAN, "", view="form").json()["say"] == "Undone: GW taken back"
    assert _cells(served)["GW"] == 2


def test_not_known_needs_a_reason_and_is_no_0_even_when_the_study_is_done(served: Served) -> None:
    browser = served.browser()
    assert "say why" in browser.act("study", KHAN, "", "FS", value="not known", view="form").json()["error"]
    browser.act("study", KHAN, "", "FS", value="not known", note="the annexes are missing", view="form")
    served.show_all(browser)
    browser.act("done", KHAN, "", view="document", sure=True)
    assert _cells(served) == {"GW": 0, "FS": None, "TI": 0}
    assert "the annexes are missing" in browser.get(f"/cell/{KHAN}/FS").text


def test_a_study_without_a_text_can_be_given_values(served: Served) -> None:
    served.browser().act("study", "lost-2001", "", "TI", value=1, view="form")
    assert _cells(served, "lost-2001")["TI"] == 1


def test_who_has_a_part_of_a_study_only_gives_it_no_value(tmp_path: Path) -> None:
    served = Served(tmp_path, coding=CodingSettings(coders=("bilal", "chen"), double_share=1.0))
    refused = served.browser("bilal", "coder").act("study", KHAN, "", "GW", value=1, view="form")
    assert "only together" in refused.json()["error"]
    served.log.close()


def test_what_finishing_covered_and_did_not_show_is_on_record(served: Served) -> None:
    browser = served.browser()
    browser.act("passed", KHAN, "", view="document", passages=[served.passage(0)])
    browser.act("done", KHAN, "", view="document", sure=True)
    (done,) = [mark for mark in served.log.marks() if mark.kind == "done"]
    assert done.covers == tuple(served.passage(number) for number in range(4))
    assert done.not_shown == tuple(served.passage(number) for number in range(1, 4))
    assert done.themes == ("GW", "FS", "TI")


def test_a_study_finished_before_all_of_it_was_shown_is_0_in_nothing(served: Served) -> None:
    browser = served.browser()
    browser.act("value", KHAN, served.passage(0), "GW", value=1)
    assert "stays unknown" in browser.act("done", KHAN, "", view="document").json()["question"]
    said = browser.act("done", KHAN, "", view="document", sure=True).json()["say"]
    assert said == (
        "Khan (2016) is done; 3 of 4 passages were not shown, so themes for which you coded nothing stay unknown"
    )
    assert _cells(served) == {"GW": 1, "FS": None, "TI": None}
    browser.act("value", KHAN, served.passage(0), "GW", value=0)
    assert _cells(served)["GW"] is None
    assert "Themes without a passage count" not in browser.get(f"/code?by=study&study={KHAN}").text


def test_words_become_a_code_under_a_theme_and_count_there(served: Served) -> None:
    browser = served.browser()
    place = {"page": 1, "word": 4}
    given = {"from": place, "to": {"page": 1, "word": 6}, "name": "delayed by many", "under": "GW", "value": 2}
    said = browser.act("newcode", KHAN, "", view="document", code=FIRST_CODE, **given).json()
    assert said["say"] == "Code “delayed by many” made under GW"
    assert '"delayed by many"' in str(said["themes"]).replace("'", '"')
    assert [decision.theme for decision in served.log.current()] == [FIRST_CODE]
    assert _cells(served)["GW"] == 2
    assert "delayed by many" in browser.get("/codebook").text
    served.show_all(browser)
    browser.act("done", KHAN, "", view="document", sure=True)
    assert _cells(served) == {"GW": 2, "FS": 0, "TI": 0}


def test_a_free_code_counts_nowhere_until_it_is_placed(served: Served) -> None:
    browser = served.browser()
    place = {"page": 1, "word": 4}
    browser.act("newcode", KHAN, "", view="document", code=FIRST_CODE, name="lateness", **{"from": place, "to": place})
    assert _cells(served)["TI"] is None
    asked = browser.act("changecode", KHAN, "", view="form", code=FIRST_CODE, name="lateness", under="TI").json()
    assert asked["question"].startswith("1 place, coded by amina, count nowhere now and would count under TI")
    browser.act("changecode", KHAN, "", view="form", code=FIRST_CODE, name="lateness", under="TI", sure=True)
    assert _cells(served)["TI"] == 1


def test_a_name_that_is_nearly_anothers_is_warned_of(served: Served) -> None:
    browser = served.browser()
    browser.act("newcode", "", "", view="form", code=FIRST_CODE, name="Late payments", under="GW")
    asked = browser.act("newcode", "", "", view="form", code="+" + "a" * 12, name="late payment", under="GW").json()
    assert asked["question"] == "There is “Late payments” already. Make “late payment” beside it all the same?"


def test_memos_are_found_again_changed_and_removed(served: Served) -> None:
    browser, memo = served.browser(), secrets.token_hex(16)
    browser.act("memo", KHAN, served.passage(1), view="document", id=memo, text="donors leave: compare with Noor")
    assert "donors leave" in browser.get("/memos?q=compare").text
    assert "donors leave" not in browser.get("/memos?q=elsewhere").text
    browser.act("memo", "", "", view="form", id=memo, text="donors stay")
    assert [one.text for one in served.log.memos()] == ["donors stay"]
    assert [one.anchor.passage_id for one in served.log.memos() if one.anchor] == [served.passage(1)]
    other = served.browser("bilal", "coder").act("memo", "", "", view="form", id=memo, text="mine now")
    assert "write one of your own" in other.json()["error"]
    browser.act("memo", "", "", view="form", id=memo, text="")
    assert served.log.memos() == ()
    browser.act("undo", KHAN, "", view="form")
    assert [one.text for one in served.log.memos()] == ["donors stay"]


def test_memos_on_a_study_coded_blindly_are_their_writers_alone(tmp_path: Path) -> None:
    served = Served(tmp_path, coding=CodingSettings(coders=("bilal", "chen"), double_share=1.0))
    memo = secrets.token_hex(16)
    served.browser("bilal", "coder").act("memo", KHAN, "", view="document", id=memo, text="bilal's memo")
    assert "bilal&#39;s memo" in served.browser("bilal", "coder").get("/memos").text
    assert "bilal&#39;s memo" not in served.browser("chen", "coder").get("/memos").text
    served.log.close()


def test_a_new_theme_is_asked_about_then_stands_in_codebook_and_matrix(own_codebook: Served) -> None:
    browser = own_codebook.browser()
    given = {"kind": "add", "name": "Digital gaps", "definition": "Systems that do not talk.", "view": "form"}
    asked = browser.act("codebook", "", "", "DIG", **given).json()
    assert asked["question"].startswith("Add the theme DIG? No decision made so far is touched.")
    assert "DIG" not in (own_codebook.workspace.root / "codebook.toml").read_text(encoding="utf-8")
    browser.act("codebook", "", "", "DIG", sure=True, **given)
    text = (own_codebook.workspace.root / "codebook.toml").read_text(encoding="utf-8")
    assert text.startswith("# kept by hand")
    assert load_codebook(own_codebook.workspace).codes == ("GW", "FS", "TI", "DIG")
    assert "DIG" in browser.get("/").text
    assert [act.kind for act in own_codebook.log.acts()] == ["codebook"]


def test_a_theme_with_another_code_keeps_its_decisions_and_says_so_before(own_codebook: Served) -> None:
    browser = own_codebook.browser()
    browser.act("value", KHAN, own_codebook.passage(0), "GW", value=2)
    given = {"kind": "recode", "into": "GOV", "because": "as in the paper", "view": "form"}
    asked = browser.act("codebook", "", "", "GW", **given).json()["question"]
    assert "1 decision of amina" in asked
    assert "No cell of the matrix changes." in asked
    browser.act("codebook", "", "", "GW", sure=True, **given)
    assert _cells(own_codebook) == {"GOV": 2, "FS": None, "TI": None}
    assert "GOV" in browser.get("/code").text
    assert [
        one["theme"] for one in browser.get(f"/document/{KHAN}/codes").json()["codes"] if one["layer"] == "mine"
    ] == ["GOV"]


def test_taking_a_theme_out_tells_what_is_lost(own_codebook: Served) -> None:
    browser = own_codebook.browser()
    browser.act("value", KHAN, own_codebook.passage(0), "FS", value=1)
    asked = browser.act("codebook", "", "", "FS", kind="remove", view="form").json()["question"]
    assert "1 decision would count for no theme any more" in asked
    assert "Khan (2016), FS: 1, mentioned becomes no column any more" in asked


def test_merging_tells_the_cells_that_change_and_does_it(own_codebook: Served) -> None:
    browser = own_codebook.browser()
    browser.act("value", KHAN, own_codebook.passage(0), "FS", value=2)
    browser.act("value", KHAN, own_codebook.passage(1), "GW", value=1)
    given = {"kind": "merge", "into": "GW", "because": "one thing", "view": "form"}
    asked = browser.act("codebook", "", "", "FS", **given).json()["question"]
    assert "Khan (2016), GW: 1, mentioned becomes 2, with evidence" in asked
    browser.act("codebook", "", "", "FS", sure=True, **given)
    assert _cells(own_codebook) == {"GW": 2, "TI": None}


def test_a_colour_changes_nothing_that_was_decided(own_codebook: Served) -> None:
    browser = own_codebook.browser()
    browser.act("value", KHAN, own_codebook.passage(0), "GW", value=2)
    revision = load_codebook(own_codebook.workspace).revision
    given = {"kind": "describe", "name": "name of GW", "definition": "about GW", "colour": "#112233", "view": "form"}
    assert "No decision" in browser.act("codebook", "", "", "GW", **given).json()["question"]
    browser.act("codebook", "", "", "GW", sure=True, **given)
    assert load_codebook(own_codebook.workspace).revision == revision
    assert "#112233" in browser.get(f"/document/{KHAN}/codes").text


def test_a_coder_changes_no_theme(own_codebook: Served) -> None:
    refused = own_codebook.browser("bilal", "coder").act(
        "codebook", "", "", "GW", kind="remove", view="form", sure=True
    )
    assert "adjudicators and admins" in refused.json()["error"]
    assert load_codebook(own_codebook.workspace).codes == ("GW", "FS", "TI")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kind": "recode", "into": "FS", "because": "x"}, "merge the two instead"),
        ({"kind": "recode", "into": "X Y", "because": "x"}, "is not a short code"),
        ({"kind": "recode", "into": "X", "because": " "}, "say why"),
        ({"kind": "merge", "into": "XX", "because": "x"}, "no theme 'XX'"),
        ({"kind": "describe", "name": "n", "definition": "d", "colour": "red"}, "a colour is written"),
        ({"kind": "drop"}, "no change of the codebook 'drop'"),
    ],
)
def test_an_edit_that_cant_be_is_refused_in_one_line(own_codebook: Served, given: dict[str, str], why: str) -> None:
    before = (own_codebook.workspace.root / "codebook.toml").read_bytes()
    answer = own_codebook.browser().act("codebook", "", "", "GW", view="form", sure=True, **given)
    assert why in answer.json()["error"]
    assert (own_codebook.workspace.root / "codebook.toml").read_bytes() == before


def test_what_a_change_would_do_tells_nothing_of_work_that_is_blind(tmp_path: Path) -> None:
    served = Served(tmp_path, coding=CodingSettings(coders=("bilal", "chen"), double_share=1.0, unit="study"))
    served.browser("bilal", "coder").act("value", KHAN, served.passage(0), "GW", value=2)
    chen = served.browser("chen", "adjudicator")
    asked = chen.act("codebook", "", "", "GW", kind="merge", into="FS", because="x", view="form").json()["question"]
    assert "bilal" not in asked
    assert "becomes" not in asked
    assert "left out of this" in asked
    served.log.close()


def test_a_memo_stands_in_the_margin(served: Served) -> None:
    browser = served.browser()
    browser.act("memo", KHAN, served.passage(1), view="document", id="a" * 32, text="compare")
    codes = browser.get(f"/document/{KHAN}/codes").json()["codes"]
    assert [(one["note"], one["passage"]) for one in codes if one["layer"] == "memos"] == [
        ("compare", served.passage(1))
    ]
