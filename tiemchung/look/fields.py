"""What a field shows: the input with its classes and descriptions, what is wrong with it and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select

from tiemchung.look import markup
from tiemchung.look.words import InTwoLanguages, said, wrong_and_cure

Pair = tuple[str, str]


class AtAField(InTwoLanguages, Protocol):
    """A refusal in two languages that names the field it is about; `tree.leaf` names a part of one."""

    @property
    def field(self) -> str: ...


def show_at_field(form: BaseForm, error: AtAField, **names: str) -> None:
    """Show a refusal at the field that it names, or above the form where the form has no such field.

    `names` says which field of the form holds one that goes by another name in the refusal.
    """
    whole = names.get(error.field, error.field)
    shown = next((name for name in (whole, whole.split(".")[0]) if name in form.fields), None)
    form.add_error(shown, said(error))


def pair(error: ValidationError) -> Pair:
    """Split one error into what is wrong and the cure: params["cure"], else all after the first full stop."""
    text = error.messages[0]
    given = (error.params or {}).get("cure")
    return (text, str(given)) if given else wrong_and_cure(text)


def pairs(bound: BoundField) -> list[Pair]:
    """Return what is wrong with a field and the cures."""
    return [pair(error) for error in bound.errors.as_data()]


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choice"
    return "check" if isinstance(widget, CheckboxInput) else "input"


def _css(bound: BoundField, css: str) -> str:
    base = "form-select" if isinstance(bound.field.widget, Select) else "form-control"
    own = "form-check-input" if _kind(bound) == "check" else base
    return " ".join(part for part in (own, css, "is-invalid" if bound.errors else "") if part)


def _described_by(bound: BoundField, hint: str) -> str:
    hinted = f"{bound.auto_id}_hint" if hint else ""
    wrong = f"{bound.auto_id}_wrong" if bound.errors else ""
    return " ".join(part for part in (hinted, wrong) if part)


def field_context(bound: BoundField, css: str = "", hint: str = "") -> dict[str, Any]:
    """Return what parts/field.html shows for one field of a form."""
    said = str(hint or bound.help_text)
    attributes: dict[str, Any] = {"class": _css(bound, css)}
    if described := _described_by(bound, said):
        attributes["aria-describedby"] = described
    return {
        "bound": bound,
        "kind": _kind(bound),
        "input": bound.as_widget(attrs=attributes),
        "described": described,
        "hint": said,
        "pairs": pairs(bound),
    }


def problems_context(form: BaseForm) -> dict[str, Any]:
    """Return what parts/form_problems.html shows: errors of the whole form, and the fields that need a change."""
    whole = [pair(error) for error in form.non_field_errors().as_data()]
    wrong = [bound for bound in form if bound.errors]
    return {"whole": whole, "wrong": wrong, "count": len(wrong)}


def options(choices: Sequence[tuple[str, str]], value: str) -> list[dict[str, Any]]:
    """Return the options of a choice, the chosen one marked."""
    return [{"value": key, "word": word, "checked": key == value} for key, word in choices]


def outcomes(choices: Sequence[tuple[str, str, str, str]], value: str) -> list[dict[str, Any]]:
    """Return the options of an outcome: (value, state, word, what follows), the chosen one marked."""
    return [
        {"value": key, "kind": markup.checked_state(kind), "word": word, "follows": follows, "checked": key == value}
        for key, kind, word, follows in choices
    ]
