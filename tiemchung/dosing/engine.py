"""Rules with the questions they answer."""

from collections.abc import Iterable
from datetime import date

from tiemchung.dosing.answers import Answer, Verdict
from tiemchung.dosing.assess import assess
from tiemchung.dosing.history import GivenDose, Subject
from tiemchung.dosing.rules import RulesOfFiles
from tiemchung.dosing.verdict import allows, may_give


class Rules(RulesOfFiles):
    """One campaign's rules and the answers they give."""

    def assess(
        self,
        subject: Subject,
        given: Iterable[GivenDose] = (),
        *,
        area: str | None = None,
        as_of: str | date,
        asked_on: date | None = None,
    ) -> Answer:
        """Answer what is due, the card, and each dose's kind, by the rules in force on `as_of`.

        `area` is the code of the site's province, None where unknown. `asked_on`: answer as someone asked on that day
        would have been answered, who did not know the rules entered later. Raises InputError naming the unreadable
        field.
        """
        return assess(self.known_on(asked_on) if asked_on else self, subject, given, area, as_of)

    def may_give(
        self,
        subject: Subject,
        given: Iterable[GivenDose] = (),
        *,
        product: str,
        area: str | None = None,
        on: str | date,
    ) -> Verdict:
        """Answer whether a product (code, EU code or name) may be given on a day, and if not, why and until when.

        Raises InputError naming the field that cannot be read.
        """
        return may_give(self, subject, given, product, area, on)

    def allows(
        self,
        subject: Subject,
        given: Iterable[GivenDose] = (),
        *,
        product: str,
        area: str | None = None,
        on: str | date,
    ) -> bool:
        """Say whether `may_give` would allow it, and nothing else, which is much faster. Raises as it does."""
        return allows(self, subject, given, product, area, on)
