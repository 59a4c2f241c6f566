"""The same answers for millions of histories at once, for invitation lists and figures."""

from tiemchung.dosing.sets.answers import CARDS, Answers, row_of_answer
from tiemchung.dosing.sets.assess import assess_all
from tiemchung.dosing.sets.histories import Histories, Person, codes_of

__all__ = ["CARDS", "Answers", "Histories", "Person", "assess_all", "codes_of", "row_of_answer"]
