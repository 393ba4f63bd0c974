"""How good a model is: cross-validation, comparison with the promoted one, card, plots, labels to check."""
