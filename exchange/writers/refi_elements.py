"""XML elements in the namespace of REFI-QDA projects."""

from __future__ import annotations

from lxml import etree

from exchange.refi_qda import PROJECT, default_namespace

_NAMESPACE = default_namespace(PROJECT)


def qualified(name: str) -> str:
    """A tag or attribute with the namespace of projects, as lxml writes it."""
    return f"{{{PROJECT}}}{name}"


def element(tag: str, /, **attributes: str) -> etree._Element:
    """An empty element with its attributes."""
    return etree.Element(qualified(tag), attributes, nsmap=_NAMESPACE)


def text_element(tag: str, text: str) -> etree._Element:
    """An element that holds nothing but text."""
    made = element(tag)
    made.text = text
    return made
