"""Passages of a theme grouped into concepts, the tree above them, and arguments that come back."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from support.published_matrix import CODEBOOK
from synthesis.matrix.coding import Coding
from synthesis.patterns.arguments import recurring
from synthesis.patterns.hierarchy import hierarchy, pruned, walk
from synthesis.patterns.subthemes import CLUSTERED, Naming, Subtheme, as_toml, read_namings, subthemes

SCORES = "The poverty score misjudged {} households, and the cut-off of the score left deserving households out."
OUTREACH = "Women in {} villages never heard of enrolment desks, and outreach visits were cancelled by mobilisers."
BRIBES = "Agents at {} payment points took bribes and deducted commission from each instalment."


def coding(number: int, text: str, *, theme: str = "TI", codes: tuple[str, ...] = ()) -> Coding:
    words = text.format(number)
    return Coding(f"s{number % 3}", theme, 1, "accepted", ("A",), words, words, number, f"p{number:05d}", codes=codes)


CODINGS = [
    coding(n, SCORES if n % 2 else OUTREACH, codes=("TI.score" if n % 2 else "TI.outreach",)) for n in range(1, 13)
]
MORE = [coding(n, BRIBES, theme="GW", codes=("GW.corruption",)) for n in range(1, 4)]


def groups(codings: list[Coding] = CODINGS, *namings: Naming) -> tuple[Subtheme, ...]:
    return subthemes(codings, CODEBOOK.codes, namings)


def members(found: tuple[Subtheme, ...]) -> set[frozenset[str]]:
    return {frozenset(c.passage_id for c in group.passages) for group in found}


def test_passages_that_share_words_make_a_group_named_by_what_sets_it_apart() -> None:
    found = groups()
    assert members(found) == {frozenset(f"p{n:05d}" for n in range(start, 13, 2)) for start in (1, 2)}
    for group, other in (found, found[::-1]):
        assert group.terms
        assert all(term in group.passages[0].text.casefold() for term in group.terms)
        assert not any(term in other.passages[0].text.casefold() for term in group.terms)


def test_the_groups_do_not_hang_on_the_order_of_the_passages() -> None:
    shuffled = CODINGS.copy()
    random.Random(3).shuffle(shuffled)
    assert groups(shuffled) == groups()


def test_few_passages_are_one_group() -> None:
    assert len(groups(CODINGS[:5])) == 1


def test_every_passage_is_in_one_group_however_many_there_are() -> None:
    many = [coding(n, (SCORES, OUTREACH)[n % 2]) for n in range(CLUSTERED + 200)]
    found = groups(many)
    assert sum(len(group.passages) for group in found) == len(many)
    assert len(set().union(*members(found))) == len(many)


@pytest.mark.parametrize("text", ["", "the of and", "2011"])
def test_passages_without_words_do_not_break_it(text: str) -> None:
    assert [len(group.passages) for group in groups([coding(n, text) for n in range(9)])] == [9]


def test_central_quotes_show_every_study_before_one_twice() -> None:
    assert {one.source_id for one in groups()[0].central} == {one.source_id for one in groups()[0].passages}


def test_people_rename_a_group_by_one_of_its_passages() -> None:
    found = groups(CODINGS, Naming("TI", "Wrong scores", ("p00001", "gone")))
    assert [(group.name, group.named) for group in found if group.named] == [("Wrong scores", True)]
    assert members(found) == members(groups())


def test_two_groups_with_one_name_are_merged() -> None:
    (found,) = groups(CODINGS, Naming("TI", "Errors", ("p00001",)), Naming("TI", "Errors", ("p00002",)))
    assert (found.name, len(found.passages)) == ("Errors", 12)


def test_the_file_to_edit_gives_back_the_names_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "subthemes.toml"
    path.write_text(as_toml(groups(), {}).replace('name = "', 'name = "My '), encoding="utf-8")
    found = groups(CODINGS, *read_namings(path, CODEBOOK))
    assert all(group.name.startswith("My ") and group.named for group in found)
    assert members(found) == members(groups())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[subtheme]]\ntheme = "XX"\nname = "a"\nlike = ["p"]', "subtheme 1: unknown theme 'XX'. There is GW"),
        ('[[subtheme]]\ntheme = "TI"\nname = "a"\nlike = []', "like: is empty. Name a passage"),
        ('[[subtheme]]\ntheme = "TI"\nnane = "a"\nlike = ["p"]', "unknown key 'nane'"),
        ('[[subthemes]]\ntheme = "TI"', "unknown key 'subthemes'"),
    ],
)
def test_a_mistake_in_the_names_is_told_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "subthemes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_namings(path, CODEBOOK)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_tree_counts_a_passage_once_at_each_level() -> None:
    both = [*CODINGS, coding(1, SCORES, theme="COV"), *MORE]
    tree = hierarchy(groups(both), CODEBOOK)
    nodes = [(depth, branch.level, branch.code, branch.passages, branch.studies) for depth, branch in walk(tree)]
    assert nodes[:3] == [
        (0, "column", "GW", 3, 3), (1, "theme", "GW", 3, 3), (2, "category", "", 3, 3),
    ]  # fmt: skip
    assert (0, "column", "TI", 12, 3) in nodes  # passage 1 carries TI and COV
    assert (1, "theme", "COV", 1, 1) in nodes
    assert (3, "code", "TI.score", 6, 3) in nodes
    assert [branch.level for depth, branch in walk(pruned(tree)) if depth == 1] == ["category", "theme", "theme"]


def test_an_argument_comes_back_only_in_several_studies() -> None:
    bribed = [coding(n, SCORES, theme="GW", codes=("GW.corruption",)) for n in (1, 3, 5)]
    codings = [
        *CODINGS,
        *bribed,
        coding(2, OUTREACH, theme="GW", codes=("GW.oversight",)),
        coding(4, BRIBES, theme="FS"),
    ]
    found = recurring(codings, groups(codings))
    links = {argument.name: argument.studies for argument in found if argument.kind == "link"}
    assert links == {"corruption with score": ("s0", "s1", "s2")}
    codes = {argument.name: len(argument.passages) for argument in found if argument.kind == "code"}
    assert codes == {"corruption": 3, "score": 6, "outreach": 6}
    assert all(len(argument.studies) >= 2 for argument in found)
    assert [len(argument.studies) for argument in found] == sorted((len(a.studies) for a in found), reverse=True)


def test_passages_that_only_have_a_theme_in_common_are_no_argument() -> None:
    apart = ["Clerks asked for a fee.", "No minister answered to parliament.", "The audit came nine years late."]
    codings = [coding(n, text, theme="GW") for n, text in enumerate(apart)]
    (group,) = groups(codings)
    assert len(group.studies) == 3
    assert recurring(codings, [group]) == ()
    both = [*codings, *(coding(n, text, theme="TI") for n, text in enumerate(apart))]
    assert [one for one in recurring(both, groups(both)) if one.kind == "link"] == []


def test_what_people_named_is_an_argument_as_it_stands() -> None:
    codings = [coding(n, text, theme="GW") for n, text in enumerate(["Clerks asked for a fee.", "Nobody answered."])]
    found = recurring(codings, groups(codings, Naming("GW", "Nobody answers for it", ("p00000", "p00001"))))
    assert [(one.kind, one.name, one.studies) for one in found] == [
        ("sub-theme", "Nobody answers for it", ("s0", "s1"))
    ]


def test_a_phrase_taken_from_a_codebook_names_no_argument() -> None:
    codings = [replace(one, codes=("TI.draft-3",)) for one in CODINGS]
    assert {one.kind for one in recurring(codings, groups(codings))} == {"sub-theme"}


def test_an_argument_is_shown_with_the_words_of_every_study() -> None:
    argument = next(one for one in recurring(CODINGS, groups()) if one.name == "score")
    assert [coding.source_id for coding in argument.by_study] != []
    assert {coding.source_id for coding in argument.by_study} == set(argument.studies)
    assert len(argument.by_study) == len(argument.studies)
