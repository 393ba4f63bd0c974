"""pdfium's handles by what they stand for. They are pointers, and pypdfium2 gives no types of its own to them."""

from __future__ import annotations

from typing import Any, TypeAlias

PdfiumDocument: TypeAlias = Any  # FPDF_DOCUMENT
PdfiumPage: TypeAlias = Any  # FPDF_PAGE
PdfiumTextPage: TypeAlias = Any  # FPDF_TEXTPAGE
PdfiumAnnotation: TypeAlias = Any  # FPDF_ANNOTATION
PlumberPage: TypeAlias = Any  # a page of pdfplumber, which has no types either
