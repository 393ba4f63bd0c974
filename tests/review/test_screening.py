"""Records are screened in the browser: by keys, blind, with disputes settled, and everything is an event of the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotations.decision import Screened
from corpus.registry.registry_file import load_sources
from corpus.workspace import read_review, write_atomic
from pipeline.intake.take_files import take_file
from pipeline.screening.screening_state import counted_sources, read_screening
from review.desk.screening import KEYS
from support.review_page import HOST, Browser, Served

ORIGIN = {"Origin": f"http://{HOST}"}
TOPICS = ("rainfall and harvests of maize", "reading lessons in primary schools")


def _ris(count: int) -> str:
    return "".join(
        f"TY  - JOUR\nTI  - Study {n} of {TOPICS[n % 2]}\nAU  - Writer{n}, A.\nPY  - {2000 + n}\n"
        f"AB  - This paper number {n} is about {TOPICS[n % 2]}, measured in {n + 3} districts.\nER  - \n"
        for n in range(count)
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "mine")
    root = made.workspace.root
    write_atomic(root / "review.toml", b'title = "Mine"\nshipped_sources = false\n')
    write_atomic(root / "sources.toml", b"# none yet\n")
    (root / "list.ris").write_text(_ris(8), encoding="utf-8")
    take_file(made.workspace, root / "list.ris", "list.ris")
    made.context.workspace = made.workspace
    yield made
    made.log.close()


def _say(browser: Browser, what: str, record: str = "", page: str = "/screening", **given: str) -> str:
    record = record or shown(browser)
    sent = {"csrf": browser.csrf, "what": what, "record": record, **given}
    return browser.post(page, data=sent, headers=ORIGIN).text


def shown(browser: Browser, query: str = "") -> str:
    """Id of the record that the page puts before somebody."""
    return browser.get(f"/screening{query}").text.partition('name="record" value="')[2].partition('"')[0]


def _settings(browser: Browser, **given: str) -> str:
    sent = {"csrf": browser.csrf, "reasons": "another topic\nno data", "screeners": "1", **given}
    return browser.post("/screening/settings", data=sent, headers=ORIGIN).text


def test_a_record_comes_with_its_abstract_criteria_and_a_key_for_each_answer(served: Served) -> None:
    browser = served.browser()
    _settings(browser, include="It measures something.\nIt names its districts.")
    page = browser.get("/screening").text
    for words in ("measured in", "It names its districts.", 'data-key="i"', 'data-key="2"><kbd>2</kbd> no data'):
        assert words in page
    assert all(key in page for keys, _ in KEYS for key in keys if len(key) == 1 and key.isalpha())
    assert "0 screened by you, 8 left for you, of 8" in page


def test_verdicts_are_events_and_undo_takes_them_back_one_by_one(served: Served) -> None:
    browser = served.browser()
    first = shown(browser)
    _say(browser, "exclude:another topic", note="about another thing")
    second = shown(browser)
    assert second != first
    _say(browser, "include")
    said = served.log.screened()
    assert [(one.source_id, one.verdict, one.reason, one.note) for one in said] == [
        (first, "exclude", "another topic", "about another thing"), (second, "include", "", ""),
    ]  # fmt: skip
    assert all(one.coder == "amina" and one.decided and not one.informed for one in said)
    assert f'value="{second}"' in _say(browser, "undo")
    assert f'value="{first}"' in _say(browser, "undo")
    assert "nothing of yours to take back" in _say(browser, "undo").lower()
    assert served.log.screened() == ()
    assert len(served.log.screening_history()) == 4


def test_the_likeliest_come_first_once_there_is_something_to_learn_from(served: Served) -> None:
    browser = served.browser()
    for source in load_sources(served.workspace)[:4]:
        _say(browser, "include" if "maize" in source.title else "exclude", source.id)
    titles = {source.id: source.title for source in load_sources(served.workspace)}
    queue = []
    for _ in range(4):
        queue.append(titles[shown(browser)])
        _say(browser, "include" if "maize" in queue[-1] else "exclude")
    assert ["maize" in title for title in queue] == [True, True, False, False]
    scored = [one.score for one in served.log.screened()][4:]
    assert None not in scored
    assert "Nothing is left for you to screen" in browser.get("/screening").text


def test_two_screen_blind_and_somebody_else_settles_where_they_differ(served: Served) -> None:
    amina, bilal, chen = served.browser(), served.browser("bilal", "coder"), served.browser("chen", "adjudicator")
    _settings(amina, screeners="2")
    record = shown(amina)
    _say(amina, "exclude:no data", note="only words")
    page = bilal.get(f"/screening?record={record}").text
    assert ("only words" in page, "amina said" in page) == (False, False)
    assert shown(bilal) == record  # what one has screened comes first
    assert (
        "No record was screened by all who are to screen it. 1 waits for what" in amina.get("/screening/numbers").text
    )
    _say(bilal, "include")
    assert "what you said before" in _say(bilal, "include", record, "/screening/disputes")
    page = bilal.get("/screening/disputes").text
    assert "only words" in page
    assert "Nothing is in dispute" in served.browser("dara", "coder").get("/screening/disputes").text
    assert "an adjudicator or one" in _say(
        served.browser("dara", "coder"), "include", record, "/screening/disputes"
    ).lower()  # fmt: skip
    _say(chen, "include", record, "/screening/disputes", note="it has a table")
    assert "chen: include" in chen.get("/screening/disputes").text
    state = read_screening(served.workspace, served.log)
    assert (state.abstracts[record].standing, record in state.full_texts) == ("include", True)
    assert [one.role for one in served.log.screened()] == ["coder", "coder", "adjudicator"]
    assert "Cohen" in amina.get("/screening/numbers").text


def test_one_who_changes_their_mind_knowing_the_others_settles_it_too(served: Served) -> None:
    amina, bilal = served.browser(), served.browser("bilal", "coder")
    _settings(amina, screeners="2")
    record = shown(amina)
    _say(amina, "exclude")
    _say(bilal, "include", record)
    _say(amina, "include", record, "/screening/disputes")
    assert [one.informed for one in served.log.screening_history()] == [False, False, True]
    assert read_screening(served.workspace, served.log).abstracts[record].standing == "include"
    page = amina.get("/screening/numbers").text
    assert '<td class="number">0 %</td>' in page  # agreement is what they said blindly


def test_the_numbers_follow_and_only_what_was_let_in_is_read(served: Served) -> None:
    browser = served.browser()
    again = served.workspace.root / "again.ris"
    again.write_text(_ris(2), encoding="utf-8")
    take_file(served.workspace, again, "again.ris")
    records = [source.id for source in load_sources(served.workspace)]
    _settings(browser)
    _say(browser, "exclude:another topic", records[0])
    _say(browser, "exclude", records[1])
    _say(browser, "include", records[2])
    _say(browser, "maybe", records[3])
    _say(browser, "exclude:no data", records[3], stage="full text")
    page = browser.get("/screening/numbers").text
    for words in ("list.ris: 8", "again.ris: 2", "Duplicates and other editions: 2", "4 wait to be screened",
                  "another topic: 1", "no reason given: 1", "Reports assessed"):  # fmt: skip
        assert words in page, words
    sources = load_sources(served.workspace)
    assert [one.id for one in counted_sources(served.context.workspace, sources)] == [records[2], *records[4:]]
    assert "3 more are not needed, as screening stands" in browser.get("/sources").text
    assert "Kept." in _settings(browser, first="1")
    page = browser.get("/sources").text
    assert ([f'data-source="{one}"' in page for one in records[2:4]], page.count("data-source=")) == ([True, False], 1)
    assert [one.id for one in counted_sources(served.context.workspace, sources)] == [records[2]]
    assert read_review(served.workspace.root / "review.toml").screening.first


def test_records_are_screened_in_groups_and_a_group_is_taken_back_at_once(served: Served) -> None:
    browser = served.browser()
    maize = [source.id for source in load_sources(served.workspace) if "maize" in source.title]
    page = browser.get("/screening/records?words=maize").text
    assert [f'name="r:{one}"' in page for one in maize] == [True] * 4
    assert page.count("data-tick") == 4
    ticked = {f"r:{one}": "1" for one in maize}
    assert "tick the records" in _say(browser, "include", "-", "/screening/records").lower()
    assert "no verdict" in _say(browser, "perhaps", "-", "/screening/records", **ticked).lower()
    _say(browser, "include", maize[0])
    page = _say(browser, "exclude:no data", "-", "/screening/records", words="maize", note="all alike", **ticked)
    assert "no reason" in page.lower()  # until it is one of the review's
    page = _say(browser, "exclude:another topic", "-", "/screening/records", words="maize", note="all alike", **ticked)
    assert "3 records: exclude, another topic; 1 record no longer waited for you." in page
    said = {one.source_id: (one.verdict, one.reason, one.note) for one in served.log.screened()}
    assert said == {maize[0]: ("include", "", "")} | dict.fromkeys(maize[1:], ("exclude", "another topic", "all alike"))
    assert "The last 3 verdicts are taken back" in _say(browser, "undo")
    assert [one.source_id for one in served.log.screened()] == [maize[0]]
    _say(browser, "undo")
    assert served.log.screened() == ()


def test_wrong_requests_are_told_and_change_nothing(served: Served) -> None:
    browser = served.browser()
    assert "record" in _say(browser, "include", "nobody-1999").lower()
    assert "no reason &#39;because" in _say(browser, "exclude:because").lower()
    assert "no verdict &#39;perhaps" in _say(browser, "perhaps").lower()
    assert "keep at least one reason" in _settings(browser, reasons=" ").lower()
    assert "1 to 5" in _settings(browser, screeners="9")
    assert served.log.screening_history() == ()


def test_the_log_keeps_verdicts_as_they_were_recorded(served: Served) -> None:
    said = Screened(
        "khan-2016", "exclude", "amina", "full text", reason="no data", note="n", informed=True, score=0.25,
        seconds=3.5, decided="2026-03-01T10:00:00.000001+00:00",
    )  # fmt: skip
    served.log.record(screened=[said])
    assert (served.log.screened(), served.log.record(screened=[said]).known) == ((said,), 1)
    with pytest.raises(Exception, match="append-only"), served.log.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM screenings")
