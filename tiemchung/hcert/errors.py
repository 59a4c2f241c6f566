"""What can go wrong in the chain: every error names the part, the cure, and, where there is one, its code."""

from tiemchung.hcert.codes import CODES
from tiemchung.hcert.problems import HcertProblem


class DecodeError(HcertProblem):
    """The input is not a readable certificate; `code` is one of the D| or C| codes, `detail` says where."""

    def __init__(self, code: str, detail: str = "") -> None:
        entry = CODES[code]
        super().__init__("certificate", vi=entry.vi, en=f"{entry.en} ({detail})" if detail else entry.en)
        self.code = code
        self.detail = detail


class KeyUnusable(HcertProblem):
    """A key or an X.509 certificate cannot be read or may not be used here."""


class TrustListError(HcertProblem):
    """A trust list cannot be read or its own signature does not hold."""


class IssueRefused(HcertProblem):
    """The certificate breaks the rules for issuing; `problems` lists all of them, each with its field."""

    def __init__(self, problems: tuple[HcertProblem, ...]) -> None:
        super().__init__(
            ", ".join(problem.field for problem in problems),
            vi="Chưa cấp được. " + " ".join(f"[{problem.field}] {problem.vi}" for problem in problems),
            en="Not issued. " + " ".join(f"[{problem.field}] {problem.en}" for problem in problems),
        )
        self.problems = problems
