"""Reference lists of other programs, read into works: RIS, BibTeX, PubMed, EndNote, CSL-JSON and more."""
