"""A simulated year of a review, played through the product and counted again by hand-written rules."""
