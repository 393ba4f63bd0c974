"""What is counted from the matrix, with intervals and how firm it is."""
