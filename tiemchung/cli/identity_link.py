"""`tiemchung identity link`: match two registers by a configuration, without a database."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.link import LinkSummary
from tiemchung.linkage.link import link as link_files

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("left", type=_FILE)
@click.argument("right", type=_FILE, required=False)
@click.option("--config", "config", type=_FILE, required=True, help="YAML: ids and roles of the columns.")
@click.option("--out", type=_FILE, required=True, help="Where the pairs go: .parquet or .csv.")
@click.option("--parts", type=click.IntRange(1, 10_000), default=1, help="Match so many parts of LEFT one by one.")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Keep what is done; run again to go on.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def link(left: Path, right: Path | None, config: Path, out: Path, parts: int, work: Path | None, as_json: bool) -> None:
    """Say who in LEFT is whom in RIGHT; with LEFT alone, who stands in it more than once.

    Files are Parquet or CSV with any columns; see docs/reference/linkage.md for the configuration. The result has
    left_id, right_id, probability, decision (automatic, proposal, ambiguous) and reasons. --parts bounds memory; with
    --work a killed run, started again, goes on.
    """
    try:
        summary = link_files(
            left,
            right or left,
            LinkConfig.read(config),
            out,
            parts=parts,
            work=work,
            told=partial(click.echo, err=True),
        )
    except LinkageError as problem:
        raise click.ClickException(f"{problem.field}: {problem.vi}\n{problem.en}") from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from problem
    click.echo(json.dumps(asdict(summary)) if as_json else _in_words(summary, out))


def _in_words(summary: LinkSummary, out: Path) -> str:
    rows = (
        ("left records", summary.left),
        ("right records", summary.right),
        ("candidate pairs", summary.candidate_pairs),
        ("automatic", summary.automatic),
        ("proposal", summary.proposal),
        ("ambiguous", summary.ambiguous),
    )
    return "\n".join((*(f"{name:<16}{number:>12,}" for name, number in rows), f"→ {out}"))
