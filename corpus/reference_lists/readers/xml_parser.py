"""Reading XML that a stranger wrote: nothing outside of the file is fetched, and no entity is expanded."""

from __future__ import annotations

import re

from lxml import etree

from corpus.reference_lists.plain_text import one_line

# libxml2, told to go on after an error, leaves out every entity that follows: "1&lt;2&gt;3" would be "123".
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # signs that no XML may hold, and programs write


def parse_xml(text: str) -> tuple[etree._Element | None, str]:
    """The root element of `text`, and a word on what is damaged; that is read as far as it goes.

    None where there is no element.
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # the encoding that it names is that of the file
    text = _NO_XML.sub(" ", _BARE_AMPERSAND.sub("&amp;", text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, "no XML"
    return root, next((f"line {one.line}: {one.message}" for one in parser.error_log), "")


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""  # QName refuses what was mended


def text_of(element: etree._Element | None) -> str:
    """All text within an element, on one line; "" for None."""
    return one_line("".join(str(part) for part in element.itertext())) if element is not None else ""
