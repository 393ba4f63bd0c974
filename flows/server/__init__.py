"""What belongs to the Prefect servers that Jaiza starts: closing them, their database, and short messages to them."""
