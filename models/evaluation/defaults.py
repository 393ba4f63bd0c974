"""How much work a trial of a model may be. Light, for the forms and options that only tell of it."""

from __future__ import annotations

# Each model sees two thirds of the documents, and a comparison costs six trainings.
FOLDS = 3
# Of the models trained side by side. Two cores, 300 MB each; one where the machine has one.
WORKERS = 2
