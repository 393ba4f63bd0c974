"""The reference of states and of errors: words that the program shows, held against the types in the code."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

from cli.command import FAILED, INCOMPLETE, STOPPED
from corpus import errors
from docs.generator.markdown import code, page, table

STATES = Path(__file__).parent / "states.toml"


def states_page() -> str:
    """Every word for a state. ValueError: the words here are not those of the code."""
    parts = ["Words that tables, pages and files use for how something stands."]
    for name, title, words in _states():
        parts += [f"## {title}", table(["word", "what it means"], [[code(word), said] for word, said in words.items()])]
        parts.append(f"In the code: `{name}`.")
    return page("States", *parts)


def errors_page() -> str:
    """Exit codes, and the kinds of errors with what they mean."""
    codes = {
        0: "done; warnings are listed",
        FAILED: "failed, with one line that says what is wrong, where, and what to do",
        2: "wrong usage: the line says which command or option is meant",
        INCOMPLETE: "done, but a source could not be had or read; only with `--strict`",
        STOPPED: "stopped with Ctrl-C; what was finished is kept",
    }
    kinds = [
        [code(name), code(one.__mro__[1].__name__), inspect.getdoc(one) or ""]
        for name, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, errors.JaizaError)
    ]
    return page(
        "Errors and exit codes",
        "An error is one line: what is wrong, where, what to do. `--debug` shows where in the code it arose. One bad "
        "document never stops a run: what happened to it is a [state](states.md#what-happened-to-a-source).",
        "## Exit codes",
        table(["code", "what it means"], [[str(number), said] for number, said in codes.items()]),
        "## Kinds",
        table(["error", "is a", "what it means"], kinds),
        "An error that begins with *unexpected* is a mistake in Jaiza: run it again with `--debug` and report it.",
    )


def _states() -> Iterator[tuple[str, str, dict[str, str]]]:
    for name, table_ in tomllib.loads(STATES.read_text(encoding="utf-8")).items():
        module, _, alias = name.rpartition(".")
        words = {word: said for word, said in table_.items() if word != "title"}
        known = get_args(getattr(import_module(module), alias))
        if set(words) != set(known):
            raise ValueError(f"{STATES.name}: {name} has {sorted(words)}, the code {sorted(known)}")
        yield name, table_["title"], {word: words[word] for word in known}
