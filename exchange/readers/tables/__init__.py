"""Tables of codings, from CSV files and Excel workbooks: a file for each kind of table, and a row in `layouts`."""
