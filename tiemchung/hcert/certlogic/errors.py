"""The one error of the language."""

from tiemchung.hcert.problems import HcertProblem


class CertLogicError(HcertProblem):
    """An expression that cannot be evaluated with this data; `field` is the operation at fault."""

    code = "certlogic"


def shown(value: object) -> str:
    """Show a value in a message, cut short: hostile data must not make long messages."""
    if isinstance(value, list | dict):
        return f"{'array' if isinstance(value, list) else 'object'} of {len(value)}"
    text = repr(value[:40]) if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
