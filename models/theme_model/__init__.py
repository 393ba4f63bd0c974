"""The model of the themes: its parts, how they are combined and calibrated, and its reasons."""
