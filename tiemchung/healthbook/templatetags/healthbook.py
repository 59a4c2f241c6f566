"""Words of the health book's pages."""

from django import template

from tiemchung.healthbook.members import cures_of
from tiemchung.identity.states import Standing

register = template.Library()


@register.filter
def cures(standing: Standing) -> list[str]:
    """What to do about each field that differs, in the holder's words."""
    return cures_of(standing)
