"""What happened on the day, beside what the articles counted in the country."""

from typing import Any

from rich.console import Console
from rich.table import Table

from tiemchung.simulator import plan

# The parts after which the funnel is read, each with what is said above its column.
STAGES = {
    "identity": "day",
    "batch": "batch",
    "register_changes": "register",
    "mend": "mended",
    "clean": "cleaned",
    "issue_again": "issued",
}


def print_report(result: Any, console: Console) -> None:
    """Print the parts with their numbers and times, the accounts of the sites, the articles' shares, the accounts."""
    console.print(_parts(result))
    console.print(_sites(result))
    if "identity" in result.parts:
        console.print(_beside_the_articles(result))
    console.print(_accounts(result))
    for problem in result.problems:
        console.print(f"[bold red]Not accounted for:[/] {problem}")
    if "figures" in result.parts and not result.problems:
        console.print("[bold]Every dose is accounted for in ledger, stock, tally and figures.[/]")


def _parts(result: Any) -> Table:
    table = Table("part", "what happened", "seconds", title="The day")
    for name, numbers in result.parts.items():
        said = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in numbers.items())
        table.add_row(name.replace("_", " "), said, f"{result.seconds[name]:.1f}")
    table.add_row("all", f"sent again {result.retries}" if result.retries else "", f"{result.seconds['all']:.1f}")
    return table


def _sites(result: Any) -> Table:
    table = Table("site", "ledger", "stock", "tally", title=f"Doses of {plan.DAY:%d/%m/%Y}, counted three ways")
    for row in result.sites:
        table.add_row(row["code"], str(row["ledger"]), str(row["stock"]), str(row["tally"]))
    return table


def _beside_the_articles(result: Any) -> Table:
    """The Ministry's table of 22 March 2022 as the day found it, and how it falls while records are put right."""
    from tiemchung.cleaning.funnel import NATION_2022

    stages = {head: result.parts[name] for name, head in STAGES.items() if name in result.parts}
    table = Table("people", "articles", *stages, title="The table of 22 March 2022, and after each part")
    for name, states, country in (
        ("with number", ("right", "wrong", "unknown", "unchecked"), "with_number"),
        ("right", ("right",), "right"),
        ("wrong", ("wrong", "unknown"), "wrong"),
        ("unchecked", ("unchecked",), "unchecked"),
    ):
        shares = [_share(found, states, of_all=country == "with_number") for found in stages.values()]
        table.add_row(name, f"{NATION_2022.share(country):.1%}", *(f"{share:.1%}" for share in shares))
    table.add_row("passports", "", *(str(found["passports"]) for found in stages.values()))
    return table


def _share(identities: dict[str, int], states: tuple[str, ...], *, of_all: bool) -> float:
    whole = _people(identities) if of_all else _numbered(identities)
    return sum(identities[state] for state in states) / whole


def _people(identities: dict[str, int]) -> int:
    return sum(identities[state] for state in ("right", "wrong", "unknown", "unchecked", "not_sent"))


def _numbered(identities: dict[str, int]) -> int:
    return _people(identities) - identities["not_sent"]


def _accounts(result: Any) -> Table:
    table = Table("account", "door", title=f"Sign in at {result.url} with the password {plan.PASSWORD}")
    table.add_row(plan.SITES[0].nurse, "site: scan, screen, inject, observe")
    table.add_row(plan.SITES[0].head, "office of the site: look at what is odd, sign")
    table.add_row(plan.SITES[0].station, "health station: records to clean, paper and Excel, commune police")
    table.add_row(plan.SITES[0].hamlet, "hamlet team: the records it was given")
    table.add_row(plan.SITES[0].officer, f"commune police, on the population side: {result.population_url}")
    table.add_row(plan.SIGNER, "national signer: passports")
    table.add_row(plan.MINISTRY, "ministry: the way to the passport")
    table.add_row(plan.AUDITOR, "auditor: alarms, seals, who did what")
    if result.citizen:
        table.add_row(result.citizen, "a citizen with a passport")
    return table
