"""Words of the office's pages."""

from django import template

from tiemchung.doses.course import rules

register = template.Library()


@register.filter
def product(code: str) -> str:
    """The name that people use for a vaccine; its code when the rules do not know it."""
    found = rules().products.get(code)
    return found.names.vi if found else code
