"""Words with boxes to lines, tables, headings, furniture and blocks in reading order."""
