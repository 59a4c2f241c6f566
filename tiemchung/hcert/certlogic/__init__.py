"""CertLogic: the language of the rules that countries publish for accepting certificates.

Source: ehn-dcc-development/eu-dcc-business-rules, certlogic/specification, version 1.3.3.
"""

from tiemchung.hcert.certlogic.engine import MAX_DEPTH, MAX_STEPS, SPECIFICATION, evaluate
from tiemchung.hcert.certlogic.errors import CertLogicError
from tiemchung.hcert.certlogic.validation import Issue, issues

__all__ = ["MAX_DEPTH", "MAX_STEPS", "SPECIFICATION", "CertLogicError", "Issue", "evaluate", "issues"]
