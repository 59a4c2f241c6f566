"""What is wrong with revocation data."""

from tiemchung.hcert.problems import HcertProblem


class RevocationUnusable(HcertProblem):
    """A batch, a list or a delta that is not of its form."""

    code = "revocation"
