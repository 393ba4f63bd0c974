"""Reading XML that a stranger wrote: nothing outside of the file is fetched, and no entity is expanded."""

from __future__ import annotations

from lxml import etree

from corpus.reference_lists.plain_text import one_line


def parse_xml(text: str) -> etree._Element | None:
    """The root element of `text`; what is damaged is read as far as it goes. None where there is no element."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """All text within an element, on one line; "" for None."""
    return one_line("".join(str(part) for part in element.itertext())) if element is not None else ""
