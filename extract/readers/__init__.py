"""Engines that turn the pages of a PDF into words with boxes: pdfium, pdfplumber, OCR."""
