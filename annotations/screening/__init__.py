"""Which records belong in a review: where each stands after what its screeners said, and the flow of all of them."""
