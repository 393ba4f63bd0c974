"""The matrix and the studies as documents for other programs: Word, LaTeX, reference managers."""
