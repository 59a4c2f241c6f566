"""What a matching run is told: which column plays which role, what may be decided, how much memory it may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiemchung.linkage.calibration import Calibration
from tiemchung.linkage.config_roles import SideColumns, sides_of
from tiemchung.linkage.config_values import calibration_of, csv_form, plain_values, policy_of, read_yaml
from tiemchung.linkage.decision import Policy
from tiemchung.linkage.files import CsvForm


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """One matching run. `max_block` bounds the pairs that one key value may make; `sample_pairs` those taken at random.

    `cccd_numbers` says that 12-digit numbers are Vietnamese ones, which state sex and birth year. `name_order` is
    `family_first` or `given_first` and matters only where there is a full name alone. `once` says on which sides each
    person stands once: both, left, right, neither; `find_out` looks for people who stand twice. `csv` says how a
    side's CSV file is written.
    """

    left: SideColumns
    right: SideColumns
    policy: Policy = field(default_factory=Policy)
    calibration: Calibration | None = None
    name_order: str = "family_first"
    cccd_numbers: bool = False
    once: str = "find_out"
    memory_limit: str = "4GB"
    threads: int = 2
    max_block: int = 2000
    sample_pairs: int = 160_000
    csv: Mapping[str, CsvForm] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "LinkConfig":
        """Read a YAML file. Raises LinkageError naming the field: config_unreadable, config_key, config_role."""
        return cls.of(read_yaml(path))

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "LinkConfig":
        """Make a configuration of what a YAML file holds; see docs/reference/linkage.md. Raises LinkageError."""
        plain = plain_values(content)
        left, right = sides_of(content)
        return cls(
            left,
            right,
            policy=policy_of(content.get("policy") or {}),
            calibration=calibration_of(content.get("calibration")),
            csv={side: csv_form(content.get("csv"), side) for side in ("left", "right")},
            **plain,
        )
