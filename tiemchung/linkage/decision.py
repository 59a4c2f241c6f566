"""Which of several candidates is the person, or none of them?

The probability of each candidate is taken over the whole set, with what is left for «none of these» (Fellegi and
Sunter's odds, normalised). A right answer among people who look alike is the one that no other comes near.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.evidence import Evidence


class Outcome(StrEnum):
    """What may be done: link by itself, propose to a person, tell a person that several fit, or nothing."""

    AUTOMATIC = "automatic"
    PROPOSAL = "proposal"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known person by handle, and what speaks for and against him."""

    handle: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known before looking: the share of those asked for who are in the register, and its size."""

    coverage: float = 0.97
    population: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """From which probability on to link or to propose, and by how many bits the best must lead the second."""

    automatic: float = 0.9999
    proposal: float = 0.5
    margin_bits: float = 10.0


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the best candidate (empty on NONE), its probability, its lead in bits, and the reasons."""

    outcome: Outcome
    handle: str
    probability: float
    none_probability: float
    margin_bits: float
    reasons: tuple[str, ...]


NO_PRIOR, NO_POLICY = Prior(), Policy()


def decide(
    candidates: Sequence[Candidate],
    prior: Prior = NO_PRIOR,
    policy: Policy = NO_POLICY,
    calibration: Calibration | None = None,
) -> Decision:
    """Decide over a set of candidates; the order in which they come does not matter.

    `calibration` turns nominal probabilities, which are over-confident, into those that checked pairs bear out.
    """
    if not candidates:
        return Decision(Outcome.NONE, "", 0.0, 1.0, 0.0, ())
    ranked = sorted(candidates, key=lambda each: (-each.evidence.bits, each.handle))
    chances, none = probabilities([each.evidence.bits for each in ranked], prior)
    best = ranked[0]
    margin = best.evidence.bits - ranked[1].evidence.bits if len(ranked) > 1 else float("inf")
    chance = calibration.apply(chances[0]) if calibration else chances[0]
    outcome = _outcome(best.evidence, chance, chances, margin, policy)
    handle = "" if outcome is Outcome.NONE else best.handle
    return Decision(outcome, handle, chance, none, margin, best.evidence.reasons)


def probabilities(bits: Sequence[float], prior: Prior) -> tuple[list[float], float]:
    """Give the probability of each candidate and of none: together they are 1."""
    each_prior = prior.coverage / prior.population
    odds = [each_prior * 2.0 ** min(each, 900.0) for each in bits]
    whole = sum(odds) + 1.0 - prior.coverage
    return [each / whole for each in odds], (1.0 - prior.coverage) / whole


def _outcome(evidence: Evidence, chance: float, chances: Sequence[float], margin: float, policy: Policy) -> Outcome:
    led = margin >= policy.margin_bits
    if led and chance >= policy.automatic and evidence.may_correct:
        return Outcome.AUTOMATIC
    if not led and sum(chances) >= policy.proposal:
        return Outcome.AMBIGUOUS
    return Outcome.PROPOSAL if chance >= policy.proposal else Outcome.NONE
