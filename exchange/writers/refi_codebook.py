"""The codebook as a REFI-QDA codebook (.qdc), for a colleague who starts a project of their own."""

from __future__ import annotations

from lxml import etree

from corpus.workspace import VERSION
from exchange.refi_qda import CODEBOOK, codes, default_namespace
from models.codebook.codebook import Codebook


def codebook_qdc(codebook: Codebook) -> bytes:
    """The .qdc file: every theme with its definition, rules and examples; the same bytes for the same codebook."""
    top = etree.Element(f"{{{CODEBOOK}}}CodeBook", {"origin": f"Jaiza {VERSION}"}, nsmap=default_namespace(CODEBOOK))
    top.append(codes(codebook, CODEBOOK, values=False))
    return etree.tostring(top, xml_declaration=True, encoding="utf-8", pretty_print=True)
