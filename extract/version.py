"""The version of extraction, part of the names under which texts are kept. Light: who looks for a text reads none."""

from __future__ import annotations

EXTRACTOR = "26"  # part of every cache key: raise it with any change that alters what a PDF gives
OCR_EXTRACTOR = f"{EXTRACTOR}+ocr"  # of a document with pages that OCR was tried on: it gives other passages
