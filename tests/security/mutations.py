"""Taking one check away: every place in the code that asks for a reach, found by reading the code, and how to blind it.

A place is a call of one of the functions below, in one function of one module. Blinded, that call alone answers as if
the thing of the other province were one's own; every other call goes on as it is.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import tiemchung
from tests.security.world import World
from tiemchung.accounts import policy, scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.models_access import ApiClient
from tiemchung.places.models import Area, Facility

PACKAGE = Path(tiemchung.__file__).parent
NATION = {"scope_facilities": None, "scope_areas": None}


def answers(world: World) -> dict[str, Callable[..., Any]]:
    """What each function says to who is let through."""
    return {
        "own_facility": lambda *_: world.there.station.facility.id,
        "can_act_at": lambda *_: True,
        "can_see_facility": lambda *_: True,
        "can_see_area": lambda *_: True,
        "reaches_nation": lambda *_: True,
        "check_acts_at": lambda *_: None,
        "check_sees_facility": lambda *_: None,
        "check_sees_area": lambda *_: None,
        "parameters": lambda *_: NATION,
        "facilities": lambda *_: Facility.objects.all(),
        "areas": lambda *_: Area.objects.all(),
        "administered": lambda *_: Account.objects.all(),
        "administered_account": lambda _, account_id: Account.objects.get(id=account_id),
        "clients_administered": lambda *_: ApiClient.objects.select_related("account"),
        "check_administers": lambda *_: None,
        "can_administer": lambda *_: True,
        "roles_administered": lambda *_: policy.ADMINISTERS[next(reversed(policy.ADMINISTERS))],
    }


OF_SCOPE = {name for name in vars(scope) if not name.startswith("_")}
OF_POLICY = {name for name in vars(policy) if not name.startswith("_")}


@dataclass(frozen=True, order=True)
class Check:
    """One call: module and function where it stands, what it calls, and its line."""

    module: str
    function: str
    asks: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.function}: {self.asks}"


def checks(names: set[str]) -> list[Check]:
    """Every call of a function of that name that comes from accounts.scope or accounts.policy, outside those two."""
    found: list[Check] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        dotted = ".".join(("tiemchung", *path.relative_to(PACKAGE).with_suffix("").parts))
        if "migrations" not in path.parts and dotted not in ("tiemchung.accounts.scope", "tiemchung.cli.api_clients"):
            found += _checks_of(dotted, ast.parse(path.read_text(encoding="utf8")), names)
    return found


def _checks_of(module: str, tree: ast.Module, names: set[str]) -> Iterator[Check]:
    brought = {
        (one.asname or one.name): one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("tiemchung.accounts.scope", "tiemchung.accounts.policy")
        for one in node.names
    }
    wholes = {
        one.asname or one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tiemchung.accounts"
        for one in node.names
        if one.name in ("scope", "policy")
    }
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    asked = _asked(node.func, brought, wholes)
                    if asked in names:
                        yield Check(module, function.name, asked, node.lineno)


def _asked(called: ast.expr, brought: dict[str, str], wholes: set[str]) -> str:
    if isinstance(called, ast.Name):
        return brought.get(called.id, "")
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in wholes:
        return called.attr
    return ""


@contextmanager
def blinded(check: Check, world: World) -> Iterator[None]:
    """Let that call alone say yes."""
    yes = answers(world)[check.asks]
    module = import_module(check.module)
    file = str(module.__file__)

    def stands_in(real: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            return yes(*given, **named) if _is_there(sys._getframe(1), file, check.line) else real(*given, **named)

        return asked

    with pytest.MonkeyPatch.context() as patch:
        for home in (scope, policy):
            if check.asks in vars(home) and vars(home)[check.asks].__module__ == home.__name__:
                patch.setattr(home, check.asks, stands_in(vars(home)[check.asks]))
        _patch_name(patch, module, check.asks, stands_in)
        yield


def _patch_name(patch: pytest.MonkeyPatch, module: ModuleType, name: str, stands_in: Callable[..., Any]) -> None:
    """A module that brought the function by its name has it under that name."""
    if name in vars(module) and vars(module)[name].__module__ in (scope.__name__, policy.__name__):
        patch.setattr(module, name, stands_in(vars(module)[name]))


def _is_there(frame: FrameType, file: str, line: int) -> bool:
    return frame.f_code.co_filename == file and frame.f_lineno == line
