"""Which vaccine is where? Lots, and the movements whose sum is what a facility has."""
