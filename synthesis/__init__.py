"""Human and machine evidence merged: matrix, frequencies, audit, figures, report."""
