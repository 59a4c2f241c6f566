"""Words of the office's pages."""

from django import template

from tiemchung.doses.course import rules
from tiemchung.look.words import vietnamese

register = template.Library()


@register.filter
def product(code: str) -> str:
    """The name of a vaccine; its code when the rules do not know it."""
    found = rules().products.get(code)
    if found is None:
        return code
    return found.names.vi if vietnamese() else found.names.en
