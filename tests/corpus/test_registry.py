"""The registry: the shipped 25 sources, and reading, checking and extending a sources.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DataFileError, UnknownChoiceError
from corpus.registry.naming import new_source_id
from corpus.registry.registry_file import add_source, find_source, load_source_file, load_sources
from corpus.registry.sources import Candidate, OtherWork, PrintedReference, Source
from corpus.workspace import Review, Workspace

LABELS = [
    "Gazdar (2011) – SP Pakistan",
    "Bari (2005) – SP Framework",
    "SPDC Safety Nets Evaluation",
    "World Bank (2013) SP Note",
    "SPRC State of SP Pakistan",
    "Punjab P&D SP Review",
    "Javed (2021) – Safety Nets",
    "BISP Impact evaluation (OPM)",
    "Farooq – Cash Transfers (PIDE)",
    "Saeed (2020) – Cash Transfers",
    "Naseer (2021) – BISP Punjab",
    "Jahangir (2020)",
    "IFPRI/WB Women Mobility",
    "Dogar (2023) – Ehsaas",
    "NIPS/NUST Ehsaas Report",
    "UNDP (2023) Gender SP",
    "NSPP Welfare Regime",
    "Toor & Nasar – Zakat",
    "Dawar (2020) – Zakat",
    "Khan et al. – Zakat Issues",
    "Amjad (2018) – Zakat vs BISP",
    "SPRC – Future of EOBI",
    "PIDE – EOBI Registration",
    "Turkey ISAS – WB Case",
    "DFAT/ILO – Registries Report",
]
CITES_ANOTHER_WORK = {"amjad-2018", "saeed-2020", "naseer-2021", "javed-2021", "dogar-2023", "undp-2023"}
NO_REFERENCE = {"nspp-2022", "sprc-eobi-2020", "pide-eobi-registration", "turkey-isas-2017"}
MIRRORS = ("pdfslide", "fdocuments", "docslib", "vdocuments", "documents.pub", "studylib", "businessdocbox")


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[Source, ...]:
    return load_sources(Workspace(tmp_path, Review()))


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A review that does not start from the shipped sources."""
    return Workspace(tmp_path, Review(shipped_sources=False))


def block(**facts: str) -> str:
    """A [[source]] block with an id, a label and `facts`, each written as TOML."""
    table = {"id": '"made-up"', "label": '"Made up"', **facts}
    return "[[source]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items() if value)


def test_the_shipped_registry_has_the_25_rows_of_the_matrix_in_order(shipped: tuple[Source, ...]) -> None:
    assert [source.label for source in shipped] == LABELS


def test_rows_without_a_reference_say_so(shipped: tuple[Source, ...]) -> None:
    assert {s.id for s in shipped if s.reference and s.reference.verdict == "none given"} == NO_REFERENCE
    assert {s.id for s in shipped if s.reference is None or not s.reference.numbers} == NO_REFERENCE


def test_rows_whose_reference_is_another_work_are_the_six_known(shipped: tuple[Source, ...]) -> None:
    cites = {s.id for s in shipped if s.reference and s.reference.verdict.startswith("points to another work")}
    assert cites == CITES_ANOTHER_WORK


@pytest.mark.parametrize("source_id", sorted(CITES_ANOTHER_WORK))
def test_the_other_work_a_reference_leads_to_is_barred_by_address_and_title(
    shipped: tuple[Source, ...], source_id: str
) -> None:
    source = find_source(shipped, source_id)
    assert source.reference is not None
    barred = [other for other in source.other_works if other.url == source.reference.url]
    assert [bool(other.title) for other in barred] == [True]
    assert source.reference.url not in [candidate.url for candidate in source.candidates]


def test_a_reference_cut_short_is_no_address_to_try(shipped: tuple[Source, ...]) -> None:
    cut = [s for s in shipped if s.reference and "truncated" in s.reference.verdict]
    assert len(cut) == 8
    assert not [s.id for s in cut for one in s.candidates if s.reference and one.url == s.reference.url]


def test_copies_on_third_party_sites_are_never_tried(shipped: tuple[Source, ...]) -> None:
    assert not [one.url for s in shipped for one in s.candidates if any(mirror in one.url for mirror in MIRRORS)]


def test_only_addresses_printed_in_the_paper_stand_as_published(shipped: tuple[Source, ...]) -> None:
    published = {(s.id, one.url) for s in shipped for one in s.candidates if one.standing == "published"}
    assert len(published) == 9
    assert published <= {(s.id, s.reference.url) for s in shipped if s.reference}


def test_guessed_addresses_come_after_the_others(shipped: tuple[Source, ...]) -> None:
    for source in shipped:
        guessed = [one.standing == "unverified" for one in source.candidates]
        assert guessed == sorted(guessed), source.id


@pytest.mark.parametrize(
    ("peer_reviewed", "count"),
    [("yes", 3), ("no", 15), ("unknown", 7)],
)
def test_peer_review_is_as_established(shipped: tuple[Source, ...], peer_reviewed: str, count: int) -> None:
    assert sum(source.peer_reviewed == peer_reviewed for source in shipped) == count


@pytest.mark.parametrize(
    ("source_id", "fact", "value"),
    [
        ("spdc-safety-nets", "year", None),
        ("pide-eobi-registration", "year", None),
        ("toor-nasar-zakat", "year", 2009),
        ("javed-2021", "title", ""),
        ("javed-2021", "kind", "unknown"),
        ("nspp-2022", "authors", ()),
        ("nspp-2022", "identified", "unknown"),
        ("saeed-2020", "identified", "probable"),
        ("toor-nasar-zakat", "authors", ("Toor", "Nasar")),
        ("ambler-debrauw-2017", "authors", ("Ambler, Kate", "de Brauw, Alan")),
        ("ambler-debrauw-2017", "candidates", ()),
        ("turkey-isas-2017", "countries", ("Türkiye",)),
        ("dfat-registries-2017", "countries", ("multi", "Brazil", "Chile", "Indonesia", "Kenya", "Türkiye")),
        ("gazdar-2011", "programmes", ("BISP", "NADRA registry", "federal and provincial schemes")),
    ],
)
def test_what_is_known_and_what_is_not(shipped: tuple[Source, ...], source_id: str, fact: str, value: object) -> None:
    assert getattr(find_source(shipped, source_id), fact) == value


def test_every_judgement_has_its_reason(shipped: tuple[Source, ...]) -> None:
    assert [s.id for s in shipped if s.eligibility is None or not s.eligibility_reason] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[source]\nid = 'x'\n", "source: is one table. Write [[source]] with two brackets"),
        (block() + "\n[[sources]]\n", "unknown key 'sources'. Did you mean 'source'?"),
        (block(year="twenty"), "not valid TOML"),
        (block(yaer="2020"), "source 'made-up': unknown key 'yaer'. Did you mean 'year'?"),
        (block(id=""), "source 1: key 'id' is missing"),
        (block() + block(id=""), "source 2: key 'id' is missing"),
        (block(label='" "'), "source 'made-up': label: is empty"),
        (block(id='"Made Up"'), "source 'Made Up': id: 'Made Up' can't name a file. Use 2 to 60 of a-z"),
        (block(id='"x"'), "id: 'x' can't name a file"),
        (block(id='"../x"'), "id: '../x' can't name a file"),
        (block(id=f'"{"x" * 61}"'), "can't name a file"),
        (block(year="1799"), "source 'made-up': year: 1799 is not a year of 1800-2100"),
        (block(year="2101"), "year: 2101 is not a year"),
        (block(year='"soon"'), "source 'made-up': year: must be a whole number"),
        (block(authors='"Gazdar, Haris"'), "source 'made-up': authors: must be a list in square brackets"),
        (block(title="3"), "source 'made-up': title: must be text in quotation marks"),
        (block(reference="{}"), "source 'made-up': reference: key 'verdict' is missing"),
        (block(candidates='[{ url = "http://a.org", kind = "PDF", standing = "seen" }]'), "candidates 1: kind: Input"),
        ("source = [1]\n", "source 1: must be a table of keys and values"),
        (block(peer_reviewed='"perhaps"'), "source 'made-up': peer_reviewed: "),
        (block() + block(label='"Other"'), "source 'made-up': id: 'made-up' is already in "),
        (block() + block(id='"other"'), "source 'other': label: 'Made up' is already in "),
        (
            block(candidates='[{ url = "ftp://a.org/x.pdf", kind = "pdf", standing = "seen" }]'),
            "source 'made-up': candidates 1: url: 'ftp://a.org/x.pdf' is not a web address",
        ),
        (block(candidates='[{ url = "", kind = "pdf", standing = "seen" }]'), "candidates 1: url: '' is not"),
        (
            block(candidates='[{ ulr = "http://a.org", kind = "pdf", standing = "seen" }]'),
            "candidates 1: unknown key 'ulr'",
        ),
        (block(other_works='[{ reason = "no", url = "a.org/x" }]'), "other_works 1: url: 'a.org/x' is not a web"),
        (block(reference='{ verdict = "v", url = "javascript:x" }'), "reference: url: 'javascript:x' is not a web"),
        (
            block(
                candidates='[{ url = "https://A.org/x/", kind = "pdf", standing = "seen" }]',
                other_works='[{ reason = "no" }, { reason = "no", url = "http://a.org/x" }]',
            ),
            "candidates 1: url: https://A.org/x/ is also listed as a different work (other_works 2)",
        ),
        (
            block(title='"One work"', other_works='[{ reason = "no", title = "One Work" }]'),
            "other_works 1: title: is the title of the source itself",
        ),
    ],
)
def test_a_mistake_in_the_registry_is_named_with_file_source_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_source_file(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("year", [1800, 2100])
def test_years_at_the_edge_are_years(tmp_path: Path, year: int) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(block(year=str(year)), encoding="utf-8")
    assert load_source_file(path)[0].year == year


def test_a_file_saved_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(b"\xef\xbb\xbf" + block(year="2020").replace("\n", "\r\n").encode())
    assert load_source_file(path) == (Source("made-up", "Made up", year=2020),)


def test_own_sources_follow_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(block(), encoding="utf-8")
    sources = load_sources(Workspace(tmp_path, Review()))
    assert [source.label for source in sources] == [*LABELS, "Made up"]


def test_a_review_of_its_own_has_only_its_own_sources(own: Workspace) -> None:
    assert load_sources(own) == ()
    (own.root / "sources.toml").write_text(block(), encoding="utf-8")
    assert load_sources(own) == (Source("made-up", "Made up"),)


def test_an_own_source_with_the_id_of_a_shipped_one_is_refused_with_both_places(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(block(id='"bari-2005"'), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_sources(Workspace(tmp_path, Review()))
    assert str(path) in str(caught.value)
    assert "'bari-2005' is already in the shipped registry" in str(caught.value)


def test_a_source_that_is_not_there_gets_the_nearest_name(shipped: tuple[Source, ...]) -> None:
    with pytest.raises(UnknownChoiceError, match="no source 'gazdar-2012': did you mean 'gazdar-2011'"):
        find_source(shipped, "gazdar-2012")


FULL = Source(
    id="iqbal-2022",
    label='Iqbal "Zakat" (2022) – Türkiye \\ Pakistan',
    title="A title\nover two lines",
    authors=("Iqbal, A.", "Institute of Things"),
    year=2022,
    publisher="Press",
    kind="working paper",
    peer_reviewed="no",
    language="English",
    countries=("Pakistan",),
    programmes=("Zakat",),
    method="survey",
    doi="10.1000/1",
    container_title="Journal of Relief",
    volume="12",
    issue="3",
    pages="12-34",
    pmid="1234",
    identified="seen",
    reference=PrintedReference("direct PDF", (3, 4), "https://a.org/x.pdf"),
    candidates=(
        Candidate("https://a.org/x.pdf", "pdf", "published"),
        Candidate("https://a.org", "landing", "seen", "n"),
    ),
    other_works=(OtherWork("another year", "https://a.org/y.pdf"), OtherWork("a talk", title="The talk")),
    eligibility="doubtful",
    eligibility_reason="perhaps",
    notes="جائزہ",
)


@pytest.mark.parametrize("source", [FULL, Source("ab", "Only a label")], ids=["every fact", "id and label only"])
def test_a_source_added_is_read_back_as_it_was(own: Workspace, source: Source) -> None:
    path = add_source(own, source)
    assert load_source_file(path) == (source,)


@pytest.mark.parametrize(
    "before",
    [
        "# my sources\n",
        f"# mine\n{block()}# the end, without a line end",
        block(year="2020 # checked") + "\n\n",
        block().replace("\n", "\r\n"),
        "\ufeff" + block(),
    ],
    ids=["comments only", "no line end", "blank lines", "Windows line ends", "byte-order mark"],
)
def test_adding_keeps_what_is_there_byte_for_byte(own: Workspace, before: str) -> None:
    path = own.root / "sources.toml"
    path.write_bytes(before.encode())
    add_source(own, FULL)
    assert path.read_bytes().startswith(before.encode())
    assert load_sources(own)[-1] == FULL


def test_what_is_not_known_is_left_out_of_the_block(own: Workspace) -> None:
    path = add_source(own, Source("ab", "Only a label"))
    assert path.read_text(encoding="utf-8") == '[[source]]\nid = "ab"\nlabel = "Only a label"\n'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Source("made-up", "New"), "id: 'made-up' is already in "),
        (Source("new", "Made up"), "label: 'Made up' is already in "),
        (Source("gazdar-2011", "New"), "'gazdar-2011' is already in the shipped registry"),
        (Source("New Source", "New"), "can't name a file"),
        (Source("new", "New", year=20), "20 is not a year"),
    ],
)
def test_a_source_that_does_not_fit_is_refused_and_nothing_written(
    tmp_path: Path, source: Source, message: str
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(block(), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        add_source(Workspace(tmp_path, Review()), source)
    assert message in str(caught.value)
    assert path.read_text(encoding="utf-8") == block()
    assert list(tmp_path.iterdir()) == [path]


def test_a_list_in_brackets_can_not_be_added_to(own: Workspace) -> None:
    path = own.root / "sources.toml"
    path.write_text('source = [{ id = "ab", label = "A" }]\n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"nothing can be added. Write each source as a \[\[source\]\] block"):
        add_source(own, FULL)
    assert path.read_text(encoding="utf-8") == 'source = [{ id = "ab", label = "A" }]\n'


@pytest.mark.parametrize(
    ("title", "year", "taken", "expected"),
    [
        ("Gazdar (2011) – SP Pakistan", 2011, (), "gazdar-sp-pakistan-2011"),
        ("The Impact of Social Cash Transfers on Poverty", None, (), "impact-social-cash-transfers"),
        ("Şener: Yoksulluk ve ışık", 2003, (), "sener-yoksulluk-ve-isik-2003"),
        ("Zakat", 2020, ("zakat-2020", "zakat-2020-2"), "zakat-2020-3"),
        ("جائزہ", 2020, (), "source-2020"),
        ("2020", 2020, (), "source-2020"),
        ("Q", None, (), "source-q"),
        ("x" * 200, 2020, (), "x" * 45 + "-2020"),
    ],
)
def test_a_new_id_can_be_read_and_is_free(title: str, year: int | None, taken: tuple[str, ...], expected: str) -> None:
    assert new_source_id(title, year, taken) == expected
    assert new_source_id(title, year, {*taken, expected}) != expected


@pytest.mark.parametrize("title", ["Zakat: A Study", "", "!!", "a", "x" * 200])
def test_a_new_id_is_one_the_registry_takes(own: Workspace, title: str) -> None:
    source_id = new_source_id(title, None, ())
    add_source(own, Source(source_id, "New"))
    assert load_sources(own)[0].id == source_id


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_a_registry_just_begun_has_no_source(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    assert load_source_file(path) == ()
