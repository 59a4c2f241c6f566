"""Population check and matching: which field of a person differs, why, and the cheapest cure; who is whom.

A library: it knows nothing of Django nor of the platform's tables, and stands on `tiemchung.vietnam` alone.
"""
