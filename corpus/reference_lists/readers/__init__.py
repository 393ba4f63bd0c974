"""A reader for each format of reference lists; `corpus.reference_lists.formats` has the table of them."""
