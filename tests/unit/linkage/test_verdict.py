"""The verdict of a population check: what stays inside, what goes out, what the holder reads."""

from dataclasses import replace

import pytest

from tiemchung.linkage.kinds import DateKind, NameKind, NumberKind, SexKind
from tiemchung.linkage.verdict import Asked, FieldVerdict, Known, Verdict, answer, judge, outward
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.sex import Sex

ASKED = Asked("079168004821", "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE)
KNOWN = Known("h-1", "Trần Thị Sáu", PartialDate(1968, 8, 5), Sex.FEMALE, "079168004821", ("024680135",))
STRANGER = Known("h-2", "Lê Văn Bình", PartialDate(1990, 3, 4), Sex.MALE, "079168004821")
CHILD = Asked("079168004821", "Trần Gia Bảo", PartialDate(2012, 5, 6), Sex.MALE)


def test_judge_where_all_fields_fit_is_right_and_gives_the_handle() -> None:
    judgement = judge(ASKED, KNOWN)
    assert (judgement.verdict, judgement.handle) == (Verdict.RIGHT, "h-1")
    assert judgement.wrong_fields == ()


def test_judge_counts_an_old_number_as_right_and_says_so() -> None:
    judgement = judge(replace(ASKED, number="024680135"), KNOWN)
    assert judgement.verdict == Verdict.RIGHT
    assert judgement.kinds["number"] == NumberKind.OLD_NUMBER


@pytest.mark.parametrize(
    ("change", "field", "kind"),
    [
        ({"full_name": "Tran Thi Sau"}, "full_name", NameKind.ACCENTS_LOST),
        ({"birth_date": PartialDate(1968, 5, 8)}, "birth_date", DateKind.DAY_MONTH_SWAP),
        ({"birth_date": None}, "birth_date", DateKind.MISSING),
        ({"sex": Sex.MALE}, "sex", SexKind.OTHER),
        ({"sex": None}, "sex", SexKind.MISSING),
        ({"number": "079168004812"}, "number", NumberKind.TRANSPOSED_DIGITS),
    ],
)
def test_judge_names_the_one_wrong_field_and_gives_no_handle(change: dict, field: str, kind: str) -> None:
    judgement = judge(replace(ASKED, **change), KNOWN)
    assert (judgement.verdict, judgement.handle) == (Verdict.WRONG, "")
    assert {one.field: one.kind for one in judgement.wrong_fields} == {field: kind}


def test_judge_tells_another_persons_number_apart_only_inside() -> None:
    inside = judge(ASKED, STRANGER)
    assert inside.kinds == {"number": NumberKind.OTHER_PERSONS_NUMBER}
    assert outward(inside, ASKED) == outward(judge(ASKED, None), ASKED)


def test_another_persons_number_reads_to_the_holder_like_an_unknown_one() -> None:
    stranger, nobody = judge(ASKED, STRANGER).fields["number"], judge(ASKED, None).fields["number"]
    assert (stranger.vi, stranger.en) == (nobody.vi, nobody.en)


def test_judge_finds_a_parents_number_by_family_name_and_age() -> None:
    assert judge(CHILD, KNOWN).kinds == {"number": NumberKind.PARENTS_NUMBER}
    assert judge(replace(CHILD, full_name="Phạm Gia Bảo"), KNOWN).kinds == {"number": NumberKind.OTHER_PERSONS_NUMBER}


def test_outward_says_older_person_only_by_the_numbers_own_digits() -> None:
    assert outward(judge(CHILD, KNOWN), CHILD) == outward(judge(CHILD, None), CHILD)
    assert outward(judge(CHILD, None), CHILD).kinds == {"number": NumberKind.PARENTS_NUMBER}
    with_old = replace(CHILD, number="024680135")
    assert outward(judge(with_old, KNOWN), with_old).kinds == {"number": NumberKind.UNKNOWN}


@pytest.mark.parametrize(
    "change",
    [
        {"full_name": "Trần Sáu", "birth_date": PartialDate(1968, 5, 8)},  # two words, but not the birth date
        {"full_name": "Sáu"},  # the birth date, but one word
        {"full_name": "Trần T S"},
    ],
)
def test_a_part_of_the_name_is_told_outside_only_to_who_knows_the_rest(change: dict) -> None:
    asked = replace(ASKED, **change)
    inside = judge(asked, KNOWN)
    assert inside.verdict == Verdict.WRONG
    assert outward(inside, asked) == outward(judge(asked, None), asked)


def test_a_missing_part_of_the_name_is_told_where_two_words_and_the_birth_date_are_right() -> None:
    assert answer(replace(ASKED, full_name="Trần Sáu"), [KNOWN]).kinds["full_name"] == NameKind.PART_MISSING


def test_a_long_list_of_words_draws_no_name_out_of_the_register() -> None:
    asked = replace(ASKED, full_name="Nguyễn Trần Lê Phạm Văn Thị Hai Ba Tư Năm Sáu")
    assert answer(asked, [KNOWN]).verdict == Verdict.UNKNOWN


def test_twins_with_swapped_numbers_are_somebody_else() -> None:
    brother = replace(ASKED, full_name="Trần Văn Bảy", sex=Sex.MALE)
    assert judge(brother, KNOWN).verdict == Verdict.UNKNOWN


def test_answer_of_a_number_of_two_people_is_right_for_the_one_whom_all_fits() -> None:
    assert answer(ASKED, [STRANGER, KNOWN]).handle == "h-1"


def test_answer_of_a_number_of_two_people_whom_nothing_fits_is_unknown() -> None:
    neither = replace(ASKED, birth_date=PartialDate(1968, 5, 8))
    assert answer(neither, [STRANGER, KNOWN]).verdict == Verdict.UNKNOWN


def test_answer_of_two_people_alike_in_all_fields_is_unknown() -> None:
    assert answer(ASKED, [KNOWN, replace(KNOWN, handle="h-9")]).verdict == Verdict.UNKNOWN


def test_answer_names_a_malformed_number() -> None:
    assert answer(replace(ASKED, number="79168004821"), []).kinds == {"number": NumberKind.LOST_ZERO}


def test_judgement_holds_no_known_value() -> None:
    asked = Asked("079168004821", "Trần Thị Sáo", PartialDate(1968, 5, 8), Sex.MALE)
    said = repr(judge(asked, replace(KNOWN, sex=Sex.MALE)))
    assert all(value not in said for value in ("Sáu", "1968", "079168004821", "024680135", "h-1"))


@pytest.mark.parametrize("kind", [DateKind.DAY_MONTH_SWAP, DateKind.YEAR_OFF_BY_TEN, DateKind.DIGIT_SLIP])
def test_the_holder_reads_one_sentence_for_all_kinds_that_would_tell_the_known_value(kind: DateKind) -> None:
    assert FieldVerdict.of("birth_date", kind).vi == FieldVerdict.of("birth_date", DateKind.OTHER).vi


@pytest.mark.parametrize(
    ("field", "kinds"),
    [("full_name", NameKind), ("birth_date", DateKind), ("number", NumberKind), ("sex", SexKind)],
)
def test_every_kind_has_a_sentence_in_both_languages(field: str, kinds: type) -> None:
    verdicts = [FieldVerdict.of(field, kind) for kind in kinds]
    assert all(one.vi.endswith(".") and one.en.endswith(".") for one in verdicts)
    assert {one.vi == "Đã khớp." for one in verdicts if one.right} == {True}
    assert not any(one.vi == "Đã khớp." for one in verdicts if not one.right)


def test_kinds_that_one_of_several_causes_explains_are_not_certain() -> None:
    assert not FieldVerdict.of("full_name", NameKind.NICKNAME).certain
    assert FieldVerdict.of("full_name", NameKind.ACCENTS_LOST).certain
