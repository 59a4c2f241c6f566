"""The figures of an evaluation, as one object and in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tiemchung.linkage.calibration import Calibration, calibration_error, reliability
from tiemchung.linkage.intervals import share_at_least
from tiemchung.simulator.evaluation import (
    ABSENT,
    NOT_SAID,
    NOTHING,
    Decided,
    Measured,
    is_false_alarm,
    is_told_right,
)
from tiemchung.simulator.febrl import Agreement

RECALL_MEANS = (
    "of the records whose person is in the population register and which the exact check (number, name, birth date and "
    "sex all right) did not settle: the share whose person is named, be it automatic, proposed or among several"
)
OUTCOMES = ("automatic", "proposal", "ambiguous", "none")
Part = Callable[[Decided], bool]
_YEAR_ONLY = ("year_only", "first_of_january")
STRATA: Mapping[str, Part] = {
    "no number": lambda one: one.number == "missing",
    "another's number": lambda one: one.number in ("other_persons_number", "parents_number"),
    "number one slip away": lambda one: one.number in ("digit_slip", "transposed_digits"),
    "year of birth alone": lambda one: one.birth_date in _YEAR_ONLY,
    "twins": lambda one: one.twin,
    "born 2004 or later": lambda one: one.birth_year >= 2004,
    "born before 1962": lambda one: one.birth_year < 1962,
}


def figures(measured: Measured) -> dict[str, Any]:
    """All figures of one country, ready for JSON; shares are between 0 and 1."""
    decided = measured.decided
    return {
        "records": measured.records,
        "settled_by_exact_check": measured.settled,
        "wrongly_settled": measured.wrongly_settled,
        "residue": len(decided),
        "decisions": {name: sum(one.decision == name for one in decided) for name in OUTCOMES},
        "automatic": _automatic(decided),
        "beyond_plain_equality": _with_settled(measured, measured.plain, measured.wrongly_plain),
        "all_automatics": _with_settled(measured, 0, 0),
        "recall_of_proposals": {**_recall(decided), "means": RECALL_MEANS},
        "proposals": _proposals(decided),
        "review": _review(measured),
        "calibration": _calibration(decided),
        "strata": {name: _stratum(decided, part) for name, part in _all_strata(decided)},
        "causes": _causes(measured.causes),
    }


def febrl_figures(agreement: Agreement) -> dict[str, Any]:
    """The figures of one FEBRL set."""
    return {
        "precision": round(agreement.precision, 4),
        "recall": round(agreement.recall, 4),
        "f1": round(agreement.f1, 4),
        "automatic": agreement.automatic,
        "wrong_automatic": agreement.wrong_automatic,
    }


def checked_pairs(decided: Sequence[Decided]) -> list[tuple[float, bool]]:
    """(stated probability, whether it was the right person) of every record for which somebody was named."""
    return [(one.probability, one.right_one) for one in decided if one.probability is not None]


# Fewer records than this say little of a probability.
_LEAST_POOL = 50


def fitted(measured: Measured) -> Calibration:
    """A calibration by the labels of a country, to be used on others.

    It begins in nothing, and never says 1: where none of n failed, one in 2 n may.
    """
    pairs = checked_pairs(measured.decided)
    points = Calibration.fit(pairs, _LEAST_POOL).points
    most = 1 - 1 / (2 * max(len(pairs), 1))
    return Calibration(((0.0, 0.0), *((nominal, min(actual, most)) for nominal, actual in points)))


def _automatic(decided: Sequence[Decided]) -> dict[str, Any]:
    number = sum(one.decision == "automatic" for one in decided)
    wrong = sum(one.decision == "automatic" and not one.right_one for one in decided)
    return _precision(number, wrong)


def _with_settled(measured: Measured, without: int, wrong_without: int) -> dict[str, Any]:
    """Automatic links and what the exact check settled, without some of it."""
    linked = _automatic(measured.decided)
    number = measured.settled - without + linked["number"]
    return _precision(number, measured.wrongly_settled - wrong_without + linked["wrong"])


def _precision(number: int, wrong: int) -> dict[str, Any]:
    at_least = share_at_least(number - wrong, number)
    return {"number": number, "wrong": wrong, "precision": (number - wrong) / max(number, 1), "at_least_95": at_least}


def _recall(decided: Sequence[Decided]) -> dict[str, Any]:
    present = [one for one in decided if one.citizen is not None]
    named = sum(one.named_right for one in present)
    return {"in_register": len(present), "named": named, "recall": named / max(len(present), 1)}


def _proposals(decided: Sequence[Decided]) -> dict[str, Any]:
    proposed = [one for one in decided if one.decision == "proposal"]
    several = [one for one in decided if one.decision == "ambiguous"]
    return {
        "right": sum(one.right_one for one in proposed),
        "precision": sum(one.right_one for one in proposed) / max(len(proposed), 1),
        "ambiguous_with_the_right_one": sum(one.named_right for one in several),
        "names_of_absent": sum(one.citizen is None and one.decision != "none" for one in decided),
    }


def _review(measured: Measured) -> dict[str, Any]:
    shown = [one for one in measured.decided if one.decision in ("proposal", "ambiguous")]
    return {
        "records": len(shown),
        "names": sum(one.names for one in shown),
        "per_1000_records": round(1000 * len(shown) / max(measured.records, 1), 2),
    }


def _calibration(decided: Sequence[Decided]) -> dict[str, Any]:
    pairs = checked_pairs(decided)
    to_review = checked_pairs([one for one in decided if one.decision != "automatic"])
    return {
        "error": calibration_error(pairs),
        "error_to_review": calibration_error(to_review),
        "curve_to_review": [
            {"records": each.pairs, "stated": round(each.stated, 4), "borne_out": round(each.actual, 4)}
            for each in reliability(to_review)
        ],
    }


def _all_strata(decided: Sequence[Decided]) -> Iterator[tuple[str, Part]]:
    yield from STRATA.items()
    for kind in sorted({one.site_kind for one in decided}):
        yield f"site: {kind}", lambda one, kind=kind: one.site_kind == kind  # type: ignore[misc]


def _stratum(decided: Sequence[Decided], part: Part) -> dict[str, Any]:
    members = [one for one in decided if part(one)]
    automatic = _automatic(members)
    return {
        "residue": len(members),
        "automatic": automatic["number"],
        "wrong_automatic": automatic["wrong"],
        "recall": round(_recall(members)["recall"], 4),
        "calibration_error": round(calibration_error(checked_pairs(members)), 5),
    }


def _causes(counts: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
    """Over every field of every record; `of_struck`: of what was struck; `of_told`: of that, what was told."""
    whole = sum(counts.values())
    struck = {key: number for key, number in counts.items() if key[1] not in (NOTHING, ABSENT)}
    told = {key: number for key, number in struck.items() if key[2] != NOT_SAID}
    confusion: dict[str, dict[str, dict[str, int]]] = {}
    for (field, cause, kind), number in sorted(counts.items(), key=lambda item: (*item[0][:2], -item[1])):
        confusion.setdefault(field, {}).setdefault(cause, {})[kind] = number
    alarms = sum(number for (_, cause, kind), number in counts.items() if is_false_alarm(cause, kind))
    return {
        "fields": whole,
        "accuracy": _right(counts) / max(whole, 1),
        "struck": sum(struck.values()),
        "of_struck": _right(struck) / max(sum(struck.values()), 1),
        "told": sum(told.values()),
        "of_told": _right(told) / max(sum(told.values()), 1),
        "not_said": sum(struck.values()) - sum(told.values()),
        "false_alarms": alarms,
        "false_alarm_rate": alarms / max(whole - sum(struck.values()), 1),
        "confusion": confusion,
    }


def _right(counts: Mapping[tuple[str, str, str], int]) -> int:
    return sum(number for (_, cause, kind), number in counts.items() if is_told_right(cause, kind))


def in_words(report: Mapping[str, Any]) -> str:
    """The figures as a page of text."""
    return "\n".join((*_head(report), *_curve(report), *_strata_lines(report), *_confusion(report), *_febrl(report)))


def _head(report: Mapping[str, Any]) -> Iterator[str]:
    automatic, recall, review = report["automatic"], report["recall_of_proposals"], report["review"]
    yield f"{report['records']:,} records, noise model {report['model']}, seed {report['seed']}"
    yield f"settled by the exact check   {report['settled_by_exact_check']:,}, wrongly {report['wrongly_settled']}"
    yield f"residue                      {report['residue']:,}: " + ", ".join(
        f"{number:,} {name}" for name, number in report["decisions"].items()
    )
    for name, one in (
        ("precision of automatics", automatic),
        ("with what was settled beyond", report["beyond_plain_equality"]),
        ("plain equality, and with all", report["all_automatics"]),
    ):
        yield f"{name:<29}{one['precision']:.6f} ({one['wrong']} of {one['number']:,} wrong;"
        yield f"                             at 95 % confidence at least {one['at_least_95']:.6f})"
    yield f"recall of proposals          {recall['recall']:.4f} ({recall['named']:,} of {recall['in_register']:,})"
    yield f"                             {recall['means']}"
    yield f"precision of proposals       {report['proposals']['precision']:.4f}"
    yield f"review load                  {review['records']:,} records, {review['per_1000_records']} per 1,000 records"
    yield f"calibration error            {report['calibration']['error']:.5f}; of what goes to review "
    yield f"                             {report['calibration']['error_to_review']:.5f}"


def _curve(report: Mapping[str, Any]) -> Iterator[str]:
    yield "\nstated → borne out, of what goes to review"
    for step in report["calibration"]["curve_to_review"]:
        yield f"  {step['stated']:.4f} → {step['borne_out']:.4f}   {step['records']:>8,}"


def _strata_lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n{'stratum':<30}{'residue':>9}{'automatic':>11}{'wrong':>7}{'recall':>9}{'cal. error':>12}"
    for name, one in report["strata"].items():
        counts = f"{one['residue']:>9,}{one['automatic']:>11,}{one['wrong_automatic']:>7}"
        yield f"{name:<30}{counts}{one['recall']:>9.4f}{one['calibration_error']:>12.5f}"


def _confusion(report: Mapping[str, Any]) -> Iterator[str]:
    causes = report["causes"]
    yield f"\ncauses told rightly: {causes['accuracy']:.4f} of all {causes['fields']:,} fields"
    yield f"  {causes['of_struck']:.4f} of {causes['struck']:,} struck"
    yield f"  {causes['of_told']:.4f} of {causes['told']:,} struck and told"
    yield f"  {causes['not_said']:,} struck and not said; {causes['false_alarms']:,} false alarms, which is"
    yield f"  {causes['false_alarm_rate']:.6f} of the fields that nothing struck"
    for field, rows in causes["confusion"].items():
        for cause, kinds in rows.items():
            told = ", ".join(f"{kind} {number:,}" for kind, number in kinds.items())
            yield f"  {field + ': ' + cause:<36}{told}"


def _febrl(report: Mapping[str, Any]) -> Iterator[str]:
    for name, one in report.get("febrl4", {}).items():
        yield f"\nFEBRL 4 {name}: precision {one['precision']}, recall {one['recall']}, F1 {one['f1']};"
        yield f"  {one['automatic']:,} automatic, {one['wrong_automatic']} wrong"
