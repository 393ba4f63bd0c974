"""Files for and from other programs: QDA projects, tables, Word, Excel, LaTeX, reference managers."""
