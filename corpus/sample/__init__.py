"""The sample review: six short invented reports, made by `corpus.sample.make`, with the files of a review."""
