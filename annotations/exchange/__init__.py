"""Codings to and from other programs: NVivo, ATLAS.ti, MAXQDA, QualCoder, Label Studio, doccano, R, spreadsheets."""
