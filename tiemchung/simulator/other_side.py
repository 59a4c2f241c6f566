"""The other side as the play has it do things: its line goes down, it answers a batch, its register changes."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tiemchung.identity import actions, actions_batches, inbox
from tiemchung.identity.models import PopulationCheck, Recheck
from tiemchung.simulator.declarations import Slip
from tiemchung.simulator.guests import Guest
from tiemchung.simulator.residents import Resident

Numbers = dict[str, int]
UNKNOWN_AGAIN_IN_PLAY = timedelta(0)
COLUMNS = ("number", "old_number", "full_name", "birth_date", "sex", "residence_code")


@dataclass
class OtherSide:
    """What of the population side's process the play reaches, and the folder of files between the two sides."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]
    run: Callable[..., None]  # one of its own commands, in its own process
    exchange: Path
    batch: Path = field(init=False)

    def __post_init__(self) -> None:
        self.batch = self.exchange / "out" / "questions-1"

    def load_register(self, guests: Iterable[Guest]) -> int:
        """The population register's people: everybody of the play as he is, but who has his card since yesterday."""
        known = [guest.resident for guest in guests if guest.said.slip is not Slip.CARD_JUST_ISSUED]
        return self._run_with("load", "register", known)

    def queue(self, declare: Callable[[], None]) -> Numbers:
        """The line is down while people are declared: in vain asked about, they wait in a batch of files."""
        answered = actions.check_due(by=None)
        self.stop()
        declare()
        in_vain = actions.check_due(by=None)
        made = actions_batches.export(folder=self.batch, by=None)
        self.start()
        asked = PopulationCheck.objects.filter(batch=made).count()
        return {"asked_before": answered, "answered_while_down": in_vain, "in_a_batch": asked}

    def answer_batch(self) -> Numbers:
        """The other side answers the batch in files of its own; they are taken in, sent twice they change nothing."""
        answers = self.exchange / "in" / "answers-1"
        self.run("check-batch", str(self.batch), str(answers))
        inbox.take_in(self.exchange)
        again = actions_batches.import_answers(folder=self.exchange / "taken" / "answers-1", by=None)
        return {"answers": again.rows, "taken_twice": again.taken}

    def change_register(self, guests: Iterable[Guest]) -> Numbers:
        """New cards and amended entries come into the register; whom it concerns is asked about anew by itself.

        Who was right is named by a list of changes. Whose number nobody had is named by nothing: the clock asks again,
        here a week early.
        """
        guests = list(guests)
        amended = [guest for guest in guests if guest.register_changes]
        for guest in amended:
            guest.said = replace(guest.said, resident=_amended(guest.resident))
        newcomers = [guest.resident for guest in guests if guest.said.slip is Slip.CARD_JUST_ISSUED]
        self._run_with("load", "new-cards", newcomers)
        self._run_with("amend", "amended", [guest.resident for guest in amended])
        self.run("work", "--once", "--exchange", str(self.exchange))
        inbox.take_in(self.exchange)
        listed = Recheck.objects.filter(why=Recheck.Why.REGISTER_CORRECTED).count()
        by_clock = actions.ask_unknown_anew(by=None, older_than=UNKNOWN_AGAIN_IN_PLAY)
        return {
            "new_cards": len(newcomers),
            "amended": len(amended),
            "named_by_the_list": listed,
            "asked_by_the_clock": by_clock,
            "asked_anew": actions.check_due(by=None),
        }

    def _run_with(self, command: str, name: str, residents: Iterable[Resident]) -> int:
        path, rows = self.exchange.parent / f"{name}.csv", [_row(one) for one in residents]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        self.run(command, str(path))
        return len(rows)


def _row(one: Resident) -> tuple[str, ...]:
    return one.number, one.old_number, one.full_name, one.born.isoformat(), str(one.sex), one.commune_code


def _amended(one: Resident) -> Resident:
    """What his birth certificate says when it is found: another day of the month."""
    return replace(one, born=one.born.replace(day=one.born.day % 28 + 1))
