"""One slip of a finger: one sign replaced, left out or added, or two neighbours swapped."""


def replaced(one: str, other: str) -> bool:
    """Whether the two differ in exactly one place, at equal length."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def transposed(one: str, other: str) -> bool:
    """Whether the other is the one with two neighbouring, unlike signs swapped."""
    if len(one) != len(other):
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return one[first] == other[second] and one[second] == other[first]


def left_out(shorter: str, longer: str) -> bool:
    """Whether the shorter is the longer without one sign."""
    return len(shorter) + 1 == len(longer) and is_part(shorter, longer)


def one_slip(one: str, other: str) -> bool:
    """Whether a single slip makes one of the other; equal texts are none."""
    return replaced(one, other) or transposed(one, other) or left_out(one, other) or left_out(other, one)


def is_part(some: str | list[str], whole: str | list[str]) -> bool:
    """Whether the items of `some` stand in `whole` in the same order, others between them."""
    rest = iter(whole)
    return all(each in rest for each in some)
