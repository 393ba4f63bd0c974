"""The reference pages of the handbook, made from the code: `make reference`. A page is a function that gives text."""
