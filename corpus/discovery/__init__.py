"""Lost addresses and facts asked for at open indexes of scholarly works."""
