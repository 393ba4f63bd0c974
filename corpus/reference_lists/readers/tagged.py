"""Records of lines that begin with a tag: what RIS, PubMed, EndNote and Web of Science have in common."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class TaggedRecord:
    """The lines of one record; a value that runs over several lines is a list of them."""

    line: int  # on which it begins, counted from 1
    values: defaultdict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    stray: list[tuple[int, str]] = field(default_factory=list)  # lines that belong to no tag
    open: str = ""  # the tag that a further line continues

    def add(self, tag: str, value: str) -> None:
        """Begin a value of `tag`."""
        self.values[tag].append([value.strip()])
        self.open = tag

    def go_on(self, value: str) -> None:
        """Another line of the value that is open."""
        self.values[self.open][-1].append(value.strip())

    def all(self, *tags: str) -> list[str]:
        """The values of `tags`, one tag after the other; lines of a value are joined by a blank."""
        joined = (" ".join(filter(None, lines)) for tag in tags for lines in self.values.get(tag, ()))
        return [value for value in joined if value]

    def lines(self, *tags: str) -> list[str]:
        """The values of `tags` with each line by itself, as authors and keywords are written."""
        return [line for tag in tags for lines in self.values.get(tag, ()) for line in lines if line]

    def first(self, *tags: str) -> str:
        """The first value there is, in the order of `tags`; "" where there is none."""
        return next(iter(self.all(*tags)), "")
