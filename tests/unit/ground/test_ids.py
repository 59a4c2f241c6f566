"""Ids sort by the time of their making and are of version 7."""

from tiemchung.ground.ids import new_id


def test_ids_are_of_version_7_and_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(500)]
    assert {one.version for one in made} == {7}
    assert made == sorted(made)
    assert len(set(made)) == 500
