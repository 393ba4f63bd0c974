"""Concept clustering: the coded passages of a theme grouped into sub-themes by the words they share.

Agglomerative clustering (Ward) over unit-length TF-IDF vectors of words and pairs of words; the number of groups is the
one with the best silhouette. The passages are put into one order first, so that the same passages always give the same
groups. A group is named by the terms that set it apart and shown by its most central passages. People rename groups and
merge them in `subthemes.toml`: an entry names passages, and takes over every group that holds one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError
from models.codebook.codebook import Codebook
from synthesis.matrix.coding import Coding
from synthesis.matrix.coding_columns import CodingColumns, CodingSelection

if TYPE_CHECKING:
    from models.theme_model.tfidf import SparseMatrix  # with spaCy, for its type alone

FILE = "subthemes.toml"
FEWEST = 8  # fewer passages are one group: any split of them is an accident
PER_GROUP = 4  # passages on average; with fewer the silhouette rewards pairs that share a rare word
MOST_GROUPS = 8  # more sub-themes of one theme are not read
TOO_COMMON = frozenset({"percent", "cent", "year", "years", "month", "months", "said", "does", "million", "billion"})
# Of more passages these many are clustered, spread evenly, and the rest join the nearest group: the distances of
# 20,000 passages would take 1.6 GB. Pairs of words are left out then, which halves the time.
CLUSTERED = 1000
TERMS, QUOTES = 3, 3  # that name a group, that show it

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Naming:
    """An entry of subthemes.toml."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    theme: str
    name: str
    like: tuple[str, ...]  # passage ids, or words of a quote: the groups that hold one of them get this name


@dataclass(frozen=True, slots=True)
class Subtheme:
    """A group of passages of one theme."""

    theme: str
    name: str  # "score, survey, household", or what people call it
    named: bool  # by people
    terms: tuple[str, ...]  # that set it apart, strongest first
    passages: CodingSelection  # most central first

    @property
    def studies(self) -> tuple[str, ...]:
        """Source ids, in the order of their names."""
        return self.passages.studies

    @property
    def central(self) -> tuple[Coding, ...]:
        """The passages that show it best: one of each study before a second of any."""
        return tuple(self.passages.studies_in_turn()[:QUOTES])

    @property
    def codes(self) -> tuple[tuple[str, int], ...]:
        """First-level codes in it, with the number of passages, most frequent first."""
        return tuple(sorted(self.passages.codes.items(), key=lambda item: (-item[1], item[0])))


def subthemes(codings: Sequence[Coding], themes: Sequence[str], namings: Sequence[Naming] = ()) -> tuple[Subtheme, ...]:
    """The sub-themes of every theme, themes in the given order, the largest group of a theme first."""
    found: list[Subtheme] = []
    columns = CodingColumns.of(codings)
    for theme in themes:
        named = [naming for naming in namings if naming.theme == theme]
        groups = _merged(_clustered(theme, columns.of_theme(theme)), named)
        found += sorted(groups, key=lambda group: (-len(group.passages), group.name))
    return tuple(found)


def read_namings(path: Path, codebook: Codebook) -> tuple[Naming, ...]:
    """The names that people gave; none where there is no such file. DataFileError names a wrong entry."""
    if not path.exists():
        return ()
    data = read_toml(path)
    only_keys(data, ["subtheme"], file=path)
    tables = data.get("subtheme", [])
    if not isinstance(tables, list):
        raise DataFileError(path, "subtheme", "is one table", "Write [[subtheme]] with two brackets on each side")
    namings = [to_dataclass(Naming, table, file=path, where=f"subtheme {n}") for n, table in enumerate(tables, 1)]
    for number, naming in enumerate(namings, start=1):
        if naming.theme not in codebook.codes:
            known = ", ".join(codebook.codes)
            raise DataFileError(path, f"subtheme {number}", f"unknown theme {naming.theme!r}", f"There is {known}")
        if not naming.like:
            raise DataFileError(path, f"subtheme {number}: like", "is empty", "Name a passage of the group")
    return tuple(namings)


def as_toml(found: Sequence[Subtheme], labels: dict[str, str]) -> str:
    """The groups as a file to edit: rename them, or give two the same name to merge them."""
    import tomli_w

    lines = ["# Sub-themes. Change a name to rename a group; give two groups one name to merge them.", ""]
    for group in found:
        said = group.central[0]
        shown = " ".join(said.quote.split())[:150]
        lines += [
            f"# {len(group.passages)} passages of {len(group.studies)} studies. {labels.get(said.source_id)}: {shown}",
            "[[subtheme]]",
            tomli_w.dumps(
                {"theme": group.theme, "name": group.name, "like": [c.passage_id or c.quote for c in group.central]}
            ),
        ]
    return "\n".join(lines)


def _clustered(theme: str, codings: CodingSelection) -> list[Subtheme]:
    if not codings:
        return []
    vectors, terms = _vectors((coding.text or coding.quote for coding in codings), len(codings))
    labels = _groups(vectors)
    made = []
    for label in sorted(set(labels.tolist())):
        inside = labels == label
        centre = _centre(vectors, inside)
        order = np.argsort(-np.asarray(vectors[inside] @ centre).ravel(), kind="stable")
        words = _telling(centre, _centre(vectors, ~inside) if (~inside).any() else None, terms)
        name = ", ".join(words) or theme
        made.append(Subtheme(theme, name, False, tuple(words), codings.pick(codings.places[inside][order])))
    return made


def _vectors(texts: Iterable[str], count: int) -> tuple[SparseMatrix, list[str]]:
    """Unit-length TF-IDF rows of `count` texts, sparse, and the term of each column."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    vectorizer = TfidfVectorizer(
        stop_words=sorted(ENGLISH_STOP_WORDS | TOO_COMMON),
        ngram_range=(1, 2 if count <= CLUSTERED else 1),
        sublinear_tf=True,
        max_features=4000,
        dtype=np.float64,
        token_pattern=r"(?u)\b[^\W\d_][\w-]+\b",
    )
    try:
        vectors = vectorizer.fit_transform(texts)
    except ValueError:  # nothing but stop words
        from scipy.sparse import csr_matrix

        return csr_matrix((count, 1)), [""]
    return vectors, [str(term) for term in vectorizer.get_feature_names_out()]


def _groups(vectors: SparseMatrix) -> NDArray[np.int64]:
    """A group number for every row."""
    count = vectors.shape[0]
    if count < FEWEST:
        return np.zeros(count, dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_score

    chosen = np.unique(np.linspace(0, count - 1, min(count, CLUSTERED)).astype(int))
    some = vectors[chosen]
    distance = np.sqrt(np.clip(2 - 2 * np.asarray((some @ some.T).todense()), 0, None))
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="ward")
    best, labels = -2.0, np.ones(len(chosen), dtype=np.int64)
    for groups in range(2, min(MOST_GROUPS, count // PER_GROUP) + 1):
        cut = fcluster(tree, groups, criterion="maxclust")
        if len(set(cut.tolist())) < 2:
            continue
        score = float(silhouette_score(distance, cut, metric="precomputed"))
        if score > best + 1e-9:
            best, labels = score, cut.astype(np.int64)
    if len(chosen) == count:
        return labels
    centres = np.array([_centre(some, labels == label) for label in sorted(set(labels.tolist()))])
    nearest: NDArray[np.int64] = np.asarray(vectors @ centres.T).argmax(axis=1)
    return nearest


def _centre(vectors: SparseMatrix, inside: NDArray[np.bool_]) -> Floats:
    mean: Floats = np.asarray(vectors[inside].mean(axis=0)).ravel()
    return mean


def _telling(inside: Floats, outside: Floats | None, terms: Sequence[str]) -> list[str]:
    """The terms heavier inside than outside; one that is a part of a heavier one is left out."""
    weight = inside if outside is None else inside - outside
    chosen: list[str] = []
    for place in np.argsort(-weight, kind="stable")[: 6 * TERMS]:
        term = terms[place]
        words = set(term.split())
        if weight[place] > 0 and not any(words & set(other.split()) for other in chosen):
            chosen.append(term)
        if len(chosen) == TERMS:
            break
    return chosen


def _merged(groups: Sequence[Subtheme], namings: Sequence[Naming]) -> list[Subtheme]:
    """Groups that people named, those with one name as one; the others as they are."""
    called: dict[str, list[Subtheme]] = {}
    rest = []
    for group in groups:
        naming = next((naming for naming in namings if _holds(group, naming)), None)
        if naming:
            called.setdefault(naming.name, []).append(group)
        else:
            rest.append(group)
    for name, parts in called.items():
        # Central passages of every part come first, in turn, so that each part shows in the quotes.
        longest = max(len(part.passages) for part in parts)
        mixed = [part.passages.places[n] for n in range(longest) for part in parts if n < len(part.passages)]
        terms = tuple(dict.fromkeys(term for part in parts for term in part.terms))
        rest.append(Subtheme(parts[0].theme, name, True, terms, parts[0].passages.pick(np.array(mixed, np.int64))))
    return rest


def _holds(group: Subtheme, naming: Naming) -> bool:
    wanted = set(naming.like)
    return any(coding.passage_id in wanted or coding.quote in wanted for coding in group.passages)
