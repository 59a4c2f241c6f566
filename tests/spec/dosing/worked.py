"""The little language of the tables in `cases/`: who, doses, day asked on, answer, card, dispatch.

An empty `who` or `doses` repeats the line above; `-` is an adult born 1985-06-15 without conditions, `?` unknown.
Answers: `P2 now AZ PF`, `B1 from 2022-01-01`, `nothing`, `AZ yes`, `MO no <code>`, `PF if <needs>`, `MO contested`,
`PF from <day>`, `PF by <dispatch>`, `ask <field>`, `finding <code>`, `note <words>`, `passport <dn/sd> <codes>` …
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tiemchung import dosing
from tiemchung.dosing import Answer, GivenDose, Rules, Subject, Verdict

KINDS = {"P": "primary", "A": "additional", "B": "booster"}
_DOSE = re.compile(r"(?P<product>[^@]+)@(?P<date>[\d-]*)(?P<abroad> abroad)?(?: \"(?P<typed>.+)\")?")


@dataclass(frozen=True)
class Case:
    """One line of a table."""

    id: str
    who: str
    doses: str
    day: str
    answer: str
    card: str
    by: str

    @property
    def area(self) -> str | None:
        """The area asked about: Đà Nẵng unless said; None where unknown."""
        found = re.search(r"area (\S+)", self.who)
        area = found[1].rstrip(",") if found else "48"
        return None if area == "?" else area

    @property
    def subject(self) -> Subject:
        """The person of the line."""
        birth, infections, conditions = "1985-06-15", [], set()
        for said in self.who.split(", "):
            if said.startswith("born "):
                birth = said[5:]
            elif said.startswith(("ill ", "well ")):
                infections.append(_infection(said))
            elif said not in ("-", "") and not said.startswith("area "):
                conditions.add(said)
        return Subject(birth, "unknown", frozenset(conditions), tuple(infections))

    @property
    def given(self) -> list[GivenDose]:
        """The doses of the line."""
        return [_dose(text) for text in self.doses.split(", ")] if self.doses not in ("", "-") else []

    def ask(self, rules: Rules) -> Answer:
        """What the library answers."""
        return rules.assess(self.subject, self.given, area=self.area, as_of=self.day)

    def may_give(self, rules: Rules, product: str) -> Verdict:
        """What the library answers about a product."""
        return rules.may_give(self.subject, self.given, product=product, area=self.area, on=self.day)


def _infection(said: str) -> dict[str, str | None]:
    words = said.split()
    known = dict(zip(words[::2], words[1::2], strict=True))
    return {name: None if day == "?" else day for name, day in known.items()}


def _dose(text: str) -> GivenDose:
    found = _DOSE.fullmatch(text.strip())
    assert found, text
    typed = found["typed"] or ""
    return GivenDose(found["product"], found["date"] or None, abroad=bool(found["abroad"]), typed=typed)


def cases(path: Path) -> Iterator[Case]:
    """Read a table."""
    who = doses = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if cells[1]:
            who, doses = cells[1], cells[2]
        yield Case(cells[0], who, doses, *cells[3:])


def check(case: Case, rules: Rules) -> list[str]:
    """Give what an answer has not of what the line says."""
    answer = case.ask(rules)
    missing = [
        clause
        for clause in case.answer.split("; ")
        if not (_of_answer(clause, answer) or _of_verdict(clause, case, rules))
    ]
    return missing + _card(case.card, answer) + _by(case.by, answer)


def _by(by: str, answer: Answer) -> list[str]:
    options = answer.due.options if answer.due else ()
    cited = {one.id for one in (*answer.dispatch, *(answer.due.dispatch if answer.due else ()))}
    cited |= {one for option in options for one in option.dispatch}
    asked = " ".join(unknown.ask.vi for unknown in answer.unknown)
    number = dosing.Rules.load().dispatches[by].text.vi if by else ""
    return [] if not by or by in cited or number in asked else [f"by {by}, not {sorted(cited)}"]


def _card(said: str, answer: Answer) -> list[str]:
    counted = [dose for dose in sorted(answer.doses, key=lambda one: one.dn or 0) if dose.valid is not False]
    last = counted[-1] if counted else None
    parts = [answer.card]
    if answer.complete_since:
        parts.append(answer.complete_since.isoformat())
    if last:
        parts.append(f"{last.dn}/{last.sd}" if last.dn else "-")
    parts += ["held"] if (answer.held and answer.card != "none") or (answer.held and last) else []
    kind = re.search(r" kind (\w+)", said)
    wanted = said.replace(kind[0], "") if kind else said
    wrong = [] if " ".join(parts) == wanted else [f"card {wanted}, not {' '.join(parts)}"]
    return wrong + ([f"kind {last.kind}"] if kind and last and last.kind != kind[1] else [])


def _of_answer(clause: str, answer: Answer) -> bool:
    due, words = answer.due, clause.split()
    if re.fullmatch(r"[PAB]\d?", words[0]):
        return due is not None and _due(words, answer)
    texts = {
        "nothing": due is None,
        "not now": due is None or due.from_ > answer.as_of,
        "invited": bool(due and due.invited),
        "not invited": bool(due and not due.invited),
        "overdue": bool(due and due.overdue),
        "unconfirmed": answer.mark == "unconfirmed",
    }
    if clause in texts:
        return texts[clause]
    return _detail(words[0], clause.removeprefix(words[0]).strip(), answer)


def _due(words: list[str], answer: Answer) -> bool:
    due = answer.due
    assert due
    kind = KINDS[words[0][0]] + (words[0][1:] if words[0][0] == "B" else "")
    number = int(words[0][1:] or 1) if kind == "primary" else due.number
    if (due.kind, due.number) != (kind, number):
        return False
    if words[1] == "from":
        return due.from_.isoformat() == words[2] and due.from_ > answer.as_of
    return due.from_ <= answer.as_of and (len(words) == 2 or set(due.products) == set(words[2:]))


def _detail(word: str, rest: str, answer: Answer) -> bool:
    due = answer.due
    found = {finding.code for dose in answer.doses for finding in dose.findings}
    found |= {finding.code for finding in answer.findings}
    fields = [unknown.field for unknown in answer.unknown]
    passport = answer.passport
    checks = {
        "until": lambda: str(due and due.until) == rest,
        "from": lambda: str(due and due.from_) == rest,
        "best": lambda: str(due and due.best_from) == rest.removeprefix("from "),
        "possible": lambda: str(due and due.possible_from) == rest.removeprefix("from "),
        "ask": lambda: any(field.startswith(rest) for field in fields),
        "no": lambda: _absent(rest, answer, fields),
        "finding": lambda: rest in found,
        "note": lambda: any(rest in note.en + note.vi for note in answer.notes),
        "left": lambda: answer.doses[int(rest.removeprefix("out "))].valid is False,
        "label": lambda: answer.doses[-1].label.vi == rest,
        "passport": lambda: bool(passport) and set(rest.split()) <= _passport(answer),
    }
    return word in checks and checks[word]()


def _absent(rest: str, answer: Answer, fields: list[str]) -> bool:
    if rest.startswith("ask "):
        return not any(field.startswith(rest[4:]) for field in fields)
    words = rest.split()
    return answer.passport is None and all(word in (answer.no_passport or ("", ""))[0] for word in words[1:])


def _passport(answer: Answer) -> set[str]:
    shown = answer.passport
    assert shown
    return {f"{shown.dn}/{shown.sd}", shown.eu.mp, shown.eu.ma, shown.eu.vp}


def _of_verdict(clause: str, case: Case, rules: Rules) -> bool:
    product, word, *rest = [*clause.split(), ""]
    if product not in rules.products:
        return False
    verdict = case.may_give(rules, product)
    checks = {
        "yes": lambda: verdict.allowed and verdict.mark != "contested",
        "no": lambda: not verdict.allowed and verdict.code == rest[0],
        "if": lambda: verdict.allowed and set(verdict.needs) == set(rest) - {""},
        "contested": lambda: verdict.allowed and verdict.mark == "contested",
        "from": lambda: verdict.from_ is not None and verdict.from_.isoformat() == rest[0],
        "by": lambda: rest[0] in {one.id for one in verdict.dispatch},
        "volume": lambda: verdict.volume_ml == float(rest[0]),
    }
    return checks[word]()
