"""What the platform says of a course."""

from tiemchung.doses import course


def test_a_product_is_called_as_in_the_rules_and_by_its_code_when_they_lack_it() -> None:
    assert course.name_of("PF") == course.rules().products["PF"].names.vi
    assert course.name_of("KHAC") == "KHAC"
