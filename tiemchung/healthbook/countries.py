"""Nationalities to choose from: ISO 3166-1 codes with their names from Unicode's CLDR, Viet Nam first."""

from functools import cache

from babel import Locale

from tiemchung.hcert.valuesets import value_sets

HOME = "VN"


@cache
def names(language: str) -> dict[str, str]:
    """Country names by code in Vietnamese ("vi") or English ("en")."""
    territories = Locale(language).territories
    return {code: territories.get(code, code) for code in value_sets()["co"].codes()}


@cache
def choices(language: str) -> tuple[tuple[str, str], ...]:
    """All countries for a select: Viet Nam, then the others by name."""
    known = names(language)
    others = sorted((name, code) for code, name in known.items() if code != HOME)
    return ((HOME, known[HOME]), *((code, name) for name, code in others))
