"""What speaks for one person, and what is decided over several candidates."""

from dataclasses import replace

import pytest

from tiemchung.linkage.calibration import Calibration, calibration_error, reliability
from tiemchung.linkage.decision import Candidate, Outcome, Policy, Prior, decide, probabilities
from tiemchung.linkage.evidence import Contribution, Evidence, Veto, weigh
from tiemchung.linkage.kinds import DateKind, NameKind, NumberKind, SexKind
from tiemchung.linkage.verdict import Asked, Known
from tiemchung.linkage.weights import default_weights, name_share
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

NUMBER, OTHER_NUMBER = "079168004821", "001190123456"
ASKED = Asked(NUMBER, "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE)
KNOWN = Known("h-1", "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE, NUMBER)


def of_bits(bits: float, *fields: str) -> Evidence:
    return Evidence(tuple(Contribution(field, "same", bits / len(fields)) for field in fields))


def test_every_kind_but_missing_and_unreadable_ones_has_a_level() -> None:
    weights = default_weights()
    unweighed = {NumberKind.SPREADSHEET, NumberKind.HEALTH_INSURANCE, NumberKind.PLACEHOLDER, NumberKind.MALFORMED}
    for field, kinds in (("full_name", NameKind), ("birth_date", DateKind), ("number", NumberKind), ("sex", SexKind)):
        without = {kind for kind in kinds if weights.level(field, kind) is None}
        assert without == {kind for kind in kinds if kind.value == "missing" or kind in unweighed}


def test_levels_of_a_field_cover_all_that_can_happen() -> None:
    chances = default_weights().chances
    for field in ("full_name", "birth_date", "sex", "number"):
        m, u = (sum(pair[side] for (name, _), pair in chances.items() if name == field) for side in (0, 1))
        assert m == pytest.approx(1, abs=0.01)
        assert u == pytest.approx(1, abs=0.03)


def test_a_rare_name_says_more_than_a_common_one() -> None:
    assert name_share("Nguyễn Thị Trang", Sex.FEMALE) > 20 * name_share("Ông Ích Khiêm", Sex.MALE)
    rare = replace(ASKED, full_name="Âu Dương Nghi"), replace(KNOWN, full_name="Âu Dương Nghi")
    assert weigh(*rare).bits > weigh(ASKED, KNOWN).bits


def test_missing_fields_weigh_nothing() -> None:
    evidence = weigh(Asked("", "Trần Thị Sáu", None, None), KNOWN)
    assert [each.field for each in evidence.contributions] == ["full_name"]


def test_name_birth_date_and_sex_alone_never_correct() -> None:
    evidence = weigh(replace(ASKED, number="", full_name="Âu Dương Nghi"), replace(KNOWN, full_name="Âu Dương Nghi"))
    decision = decide([Candidate("h-1", evidence)], Prior(population=1000))
    assert decision.probability > 0.9999
    assert not evidence.may_correct
    assert decision.outcome is Outcome.PROPOSAL


def test_a_slipped_number_with_name_and_birth_date_links_by_itself() -> None:
    evidence = weigh(replace(ASKED, number="079168004812"), KNOWN)
    decision = decide([Candidate("h-1", evidence)])
    assert (decision.outcome, decision.handle) == (Outcome.AUTOMATIC, "h-1")
    assert "number:slip" in decision.reasons


@pytest.mark.parametrize(
    ("asked", "known", "veto"),
    [
        (replace(ASKED, sex=Sex.MALE, birth_date=PartialDate(1967, 8, 5)), KNOWN, Veto.NUMBER_CONTRADICTS),
        (replace(ASKED, full_name="Trần Gia Bảo", birth_date=PartialDate(2012, 8, 5)), KNOWN, Veto.PARENT_AND_CHILD),
        (replace(ASKED, full_name="Trần Thị Bảy"), KNOWN, Veto.TWINS),
        (replace(ASKED, full_name="Trần Gia Sáu", number="079168004820"), KNOWN, Veto.TWINS),
        (replace(ASKED, full_name="Trần Thị Sau", number=""), replace(KNOWN, full_name="Trần Thị Sao"), Veto.TWINS),
    ],
)
def test_a_veto_forbids_the_link_whatever_the_bits(asked: Asked, known: Known, veto: Veto) -> None:
    evidence = weigh(asked, known)
    assert veto in evidence.vetoes
    assert not evidence.may_correct


def test_decide_without_candidates_is_none() -> None:
    assert decide([]).outcome is Outcome.NONE


def test_decide_where_two_fit_alike_is_ambiguous() -> None:
    twins = [Candidate(handle, of_bits(60, "number", "full_name")) for handle in ("h-1", "h-2")]
    assert decide(twins).outcome is decide(twins[::-1]).outcome is Outcome.AMBIGUOUS
    assert decide(twins).handle == decide(twins[::-1]).handle == "h-1"


def test_decide_takes_the_one_that_leads_by_the_margin() -> None:
    candidates = [Candidate("h-2", of_bits(40, "number", "full_name")), Candidate("h-1", of_bits(60, "number", "area"))]
    assert decide(candidates).handle == "h-1"
    assert decide(candidates, policy=Policy(margin_bits=25)).outcome is Outcome.AMBIGUOUS


def test_decide_on_weak_evidence_is_none_and_names_nobody() -> None:
    decision = decide([Candidate("h-1", of_bits(5, "full_name"))])
    assert (decision.outcome, decision.handle) == (Outcome.NONE, "")
    assert decision.none_probability > 0.99


def test_probabilities_of_all_candidates_and_none_are_one() -> None:
    chances, none = probabilities([20.0, 26.0, -3.0], Prior(0.9, 1_000_000))
    assert sum(chances) + none == pytest.approx(1)


def test_calibration_lowers_what_was_over_confident() -> None:
    checked = [(0.999, number % 10 > 0) for number in range(100)] + [(0.2, False)] * 20
    fitted = Calibration.fit(checked)
    assert fitted.apply(0.999) == pytest.approx(0.9)
    assert fitted.apply(0.1) == 0
    after = [(fitted.apply(stated), true) for stated, true in checked]
    assert calibration_error(after) < 0.01 < calibration_error(checked)


def test_calibration_never_falls() -> None:
    fitted = Calibration.fit([(step / 50, step % 3 == 0 or step > 30) for step in range(50)])
    curve = [fitted.apply(step / 100) for step in range(101)]
    assert curve == sorted(curve)


def test_calibration_without_checked_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Calibration.fit([])


def test_reliability_leaves_out_empty_steps() -> None:
    assert [(each.pairs, each.actual) for each in reliability([(0.05, False), (1.0, True), (0.97, True)])] == [
        (1, 0.0),
        (2, 1.0),
    ]


def test_decide_uses_the_calibrated_probability() -> None:
    sober = Calibration(((0.0, 0.0), (1.0, 0.9)))
    decision = decide([Candidate("h-1", of_bits(80, "number", "full_name"))], calibration=sober)
    assert decision.outcome is Outcome.PROPOSAL
    assert decision.probability == pytest.approx(0.9)
