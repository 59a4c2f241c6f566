"""What a citizen says is wrong or missing: with a photo, answered within 48 hours, by anyone up the chain."""
