"""One work counts once: signs of twins, taking works in, and what links.toml says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DataFileError
from corpus.registry.duplicates import find_duplicates, sketch
from corpus.registry.edition_links import FILE, Link, counted, link, load_links, unlink
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding
from support.fake_host import workspace_at

KHAN = Source("khan-2016", "Khan (2016)", "Zakat and rural poverty in the northern districts", ("Khan, Amina",), 2016)
ALI = Source("ali-2019", "Ali (2019)", "Grain vouchers and village relief", ("Ali, Omar",), 2019, doi="10.1234/ali")


def paragraph(start: int, words: int) -> str:
    return " ".join(f"word{number * 7919 % 100_003}" for number in range(start, start + words))


def test_the_same_doi_or_file_is_the_same_work() -> None:
    reprint = Source("reprint", "Reprint", "Another title altogether of it", doi="10.1234/ALI")
    copy = Source("copy", "Copy", "Something else entirely")
    held = [Holding(one, "f" * 64, 10, "attached", "2026-01-01") for one in ("khan-2016", "copy")]
    twins = find_duplicates([KHAN, ALI, reprint, copy], held)
    assert [(twin.first, twin.second, twin.kind) for twin in twins] == [
        ("ali-2019", "reprint", "same DOI"),
        ("khan-2016", "copy", "same file"),
    ]


def test_an_edition_with_most_of_the_text_is_found_and_a_neighbour_in_the_field_is_not() -> None:
    whole, part, other = paragraph(0, 4000), paragraph(500, 2000), paragraph(50_000, 3000) + paragraph(0, 100)
    sources = [replace(KHAN, id=name, label=name, title="") for name in ("whole", "part", "other")]
    kept = {"whole": sketch(whole), "part": sketch(part), "other": sketch(other)}
    (twin,) = find_duplicates(sources, (), kept)
    assert (twin.first, twin.second, twin.kind) == ("whole", "part", "same text")
    assert twin.note.startswith("100%")


def test_a_text_of_a_few_lines_is_compared_with_nothing() -> None:
    kept = {"a": sketch(paragraph(0, 60)), "b": sketch(paragraph(0, 60))}
    assert find_duplicates([replace(KHAN, id=one, label=one, title="") for one in "ab"], (), kept) == ()
    assert np.array_equal(kept["a"], kept["b"])


def test_a_linked_edition_is_not_counted_until_it_is_unlinked(tmp_path: Path) -> None:
    workspace, sources = workspace_at(tmp_path), [KHAN, ALI]
    links = link(workspace, load_links(workspace, sources), sources, [Link("ali-2019", "khan-2016", "a test")])
    assert links == load_links(workspace, sources)
    assert [one.id for one in counted(sources, links)] == ["khan-2016"]
    apart = unlink(workspace, links, sources, "ali-2019", "khan-2016", why="two works")
    assert counted(sources, apart) == (KHAN, ALI)
    assert load_links(workspace, sources).settled("khan-2016", "ali-2019")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[link]]\nsource = "nobody"\nedition_of = "khan-2016"\n', "there is no source 'nobody'"),
        ('[[link]]\nsource = "ali-2019"\nedition_off = "khan-2016"\n', "edition_off"),
        (
            '[[link]]\nsource = "ali-2019"\nedition_of = "khan-2016"\n'
            '[[link]]\nsource = "khan-2016"\nedition_of = "ali-2019"\n',
            "is an edition itself",
        ),
    ],
)
def test_a_mistake_in_links_toml_is_named(tmp_path: Path, text: str, problem: str) -> None:
    workspace = workspace_at(tmp_path)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=problem):
        load_links(workspace, [KHAN, ALI])
