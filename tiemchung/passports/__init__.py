"""Who vouches for a dose, and which certificate follows from it? Attestations and passports."""
