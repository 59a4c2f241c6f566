"""What must an evaluation reach? Each figure with its bound; a figure beyond it is named, and the command fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# FEBRL 4 by Splink 5 on the same records: what we must not fall behind (docs/reference/evaluation.md).
FEBRL_F1 = {"with number": 0.9989, "without number": 0.9857}


@dataclass(frozen=True)
class Thresholds:
    """The bounds of the figures, shares between 0 and 1."""

    precision: float = 0.9999  # of automatic links, of those with the settled beyond plain equality, and of all
    recall: float = 0.98  # of proposals
    wrongly_settled: int = 0
    causes: float = 0.98  # told rightly, of every field of every record
    causes_of_struck: float = 0.96  # told rightly, of the fields that something struck; what is not said is wrong here
    false_alarms: float = 0.001  # of the fields that nothing struck
    calibration: float = 0.01


def missed(report: Mapping[str, Any], bounds: Thresholds) -> list[str]:
    """A line for each figure that misses its bound; empty when all hold."""
    return [*_below(report, bounds), *_above(report, bounds), *_febrl(report)]


def _below(report: Mapping[str, Any], bounds: Thresholds) -> Iterator[str]:
    causes = report["causes"]
    for name, found, least in (
        ("precision of automatics", report["automatic"]["precision"], bounds.precision),
        ("precision beyond plain equality", report["beyond_plain_equality"]["precision"], bounds.precision),
        ("precision of all automatics", report["all_automatics"]["precision"], bounds.precision),
        ("recall of proposals", report["recall_of_proposals"]["recall"], bounds.recall),
        ("causes told rightly", causes["accuracy"], bounds.causes),
        ("causes told rightly of those struck", causes["of_struck"], bounds.causes_of_struck),
    ):
        if found < least:
            yield f"missed: {name} {found:.6f}, at least {least} is asked for"


def _above(report: Mapping[str, Any], bounds: Thresholds) -> Iterator[str]:
    for name, found, most in (
        ("wrongly settled by the exact check", report["wrongly_settled"], bounds.wrongly_settled),
        ("false alarms", report["causes"]["false_alarm_rate"], bounds.false_alarms),
        ("calibration error", report["calibration"]["error"], bounds.calibration),
    ):
        if found > most:
            yield f"missed: {name} {found:g}, at most {most} is asked for"


def _febrl(report: Mapping[str, Any]) -> Iterator[str]:
    for name, one in report.get("febrl4", {}).items():
        if one["f1"] < FEBRL_F1[name]:
            yield f"missed: FEBRL 4 {name} F1 {one['f1']}, at least {FEBRL_F1[name]} is asked for"
