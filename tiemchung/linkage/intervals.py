"""How sure is a share that was counted? Exact bounds of the binomial distribution (Clopper and Pearson)."""

import math

_STEPS = 60


def share_at_least(hits: int, trials: int, confidence: float = 0.95) -> float:
    """Give the lower bound of a share at one-sided confidence; 0 without trials.

    Where nothing failed it is about 1 - 3 / trials (the rule of three): 30,000 trials without a failure show 0.9999.
    """
    if trials == 0 or hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(trials - hits, trials, 1 - middle) > 1 - confidence:
            high = middle
        else:
            low = middle
    return low


def _at_most(failures: int, trials: int, chance: float) -> float:
    """The probability of at most so many failures."""
    if chance <= 0.0:
        return 1.0
    if chance >= 1.0:
        return float(failures >= trials)
    logs = (_log_probability(number, trials, chance) for number in range(failures + 1))
    return math.fsum(map(math.exp, logs))


def _log_probability(number: int, trials: int, chance: float) -> float:
    ways = math.lgamma(trials + 1) - math.lgamma(number + 1) - math.lgamma(trials - number + 1)
    return ways + number * math.log(chance) + (trials - number) * math.log1p(-chance)
