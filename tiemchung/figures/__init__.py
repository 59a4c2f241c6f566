"""How many? Counts that never mix given, recorded, verified and signed."""
