"""Every public function of every actions*.py writes an audit entry inside its transaction, or says here why not.

The sources are read, not run: from each action, calls are followed as far as the platform's own code goes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"tiemchung.ground.audit.record", "tiemchung.ground.audit.entry"}
# What writes no entry, and why that is right.
EXCUSED = {
    "tiemchung.identity.actions_batches.last_change": "writes nothing: says which change came last",
    "tiemchung.accounts.actions_second_factor.take_code": "a step of signing in, whose entry is the sign-in's",
    "tiemchung.accounts.actions_sign_in.forget_ended": "sweeps what ended by itself; that it began and ended stands",
    "tiemchung.accounts.actions_tries.give_back": "a counter of tries; what was tried is an entry where it happened",
    "tiemchung.accounts.actions_tries.clear": "a counter of tries; the sign-in that clears it is an entry",
    "tiemchung.accounts.actions_tries.forget_old": "sweeps counters of tries whose wait is over",
    "tiemchung.oversight.actions_seal.seal_finished": "a seal is its own entry, bound by the next seal",
    "tiemchung.cleaning.actions_funnel.count_all": "counts what stands, in place of the counts before",
    "tiemchung.passports.actions_rounds.begin": "says who is to be looked at; what follows of it has its entry",
    "tiemchung.stock.actions.draw": "plans a row into the transaction of an injection, whose entry stands for both",
    "tiemchung.stock.actions.give_back": "plans a row into a correction's transaction, whose entry stands for both",
    "tiemchung.stock.actions.take_again": "plans a row into a correction's transaction, whose entry stands for both",
    "tiemchung.doses.actions.preview": "writes nothing: says what stands against an injection",
}


@dataclass
class Module:
    """One source file: what its names stand for, and its functions with the classes' methods."""

    name: str
    names: dict[str, str] = field(default_factory=dict)  # local name → dotted name
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)  # «f» or «Class.f»


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted((ROOT / "tiemchung").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = _read(name, ast.parse(path.read_text(encoding="utf-8")))
    return found


def _read(name: str, tree: ast.Module) -> Module:
    module = Module(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
        if isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            module.functions |= {f"{node.name}.{one.name}": one for one in methods}
    return module


def actions() -> list[str]:
    """The health side's: keyword-only functions (CONTRIBUTING.md). The population side keeps a log of its own."""
    return [
        f"{module.name}.{name}"
        for module in modules().values()
        if module.name.rsplit(".", 1)[-1].startswith("actions") and ".population." not in module.name
        for name, node in module.functions.items()
        if not name.startswith("_") and "." not in name and not node.args.args
    ]


def _split(dotted: str) -> tuple[Module, str] | None:
    """A dotted name as module and function, following what a module passes on under its own name."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        module = modules().get(".".join(parts[:cut]))
        if module is None:
            continue
        rest = ".".join(parts[cut:])
        if rest in module.functions:
            return module, rest
        head, _, tail = rest.partition(".")
        if head in module.names:
            return _split(".".join(filter(None, [module.names[head], tail])))
        return None
    return None


def called(module: Module, within: str, node: ast.AST) -> Iterator[str]:
    """What a function calls or hands on, as dotted names; a method of an unknown object is any method of that name."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            yield module.names.get(one.id, f"{module.name}.{one.id}")
        if isinstance(one, ast.Attribute):
            if isinstance(one.value, ast.Name) and one.value.id in module.names:
                yield f"{module.names[one.value.id]}.{one.attr}"
            yield from _methods(module, one.attr)


def _methods(module: Module, name: str) -> Iterator[str]:
    near = {module.name, *(target.rsplit(".", 1)[0] for target in module.names.values()), *module.names.values()}
    for other in near & modules().keys():
        yield from (f"{other}.{key}" for key in modules()[other].functions if key.endswith(f".{name}"))


def opens_transaction(node: ast.FunctionDef) -> bool:
    decorated = any("atomic" in ast.unparse(one) for one in node.decorator_list)
    return decorated or any(
        "atomic()" in ast.unparse(item) for one in ast.walk(node) if isinstance(one, ast.With) for item in one.items
    )


def writes_down(action: str) -> bool:
    """Whether an entry is reached from the action, with a transaction opened on the way to it."""
    waiting, seen = [(action, False)], set()
    while waiting:
        dotted, inside = waiting.pop()
        if dotted in WRITERS:
            if inside:
                return True
            continue
        place = _split(dotted)
        if place is None or (dotted, inside) in seen:
            continue
        seen.add((dotted, inside))
        module, name = place
        node = module.functions[name]
        if f"{module.name}.{name}" in WRITERS:
            waiting.append((f"{module.name}.{name}", inside))
            continue
        now = inside or opens_transaction(node)
        waiting += [(other, now) for other in called(module, name, node)]
    return False


@pytest.mark.parametrize("action", [each for each in actions() if each not in EXCUSED])
def test_an_action_writes_its_entry_in_its_transaction(action: str) -> None:
    assert writes_down(action), f"{action} reaches no audit.record inside a transaction: write one, or say why not"


def test_there_are_actions_and_every_excuse_is_of_one() -> None:
    assert len(actions()) > 40
    assert set(EXCUSED) <= set(actions())


def test_what_is_excused_writes_no_entry() -> None:
    """An excuse that is no longer needed goes; this also shows that the search says no where there is nothing."""
    assert [action for action in EXCUSED if writes_down(action)] == []
