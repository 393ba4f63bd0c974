"""Run the review, in one go or step by step."""
