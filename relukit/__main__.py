"""The command line: `relukit start`, `claims`, `check`, `progress`, `grade` and others."""

import errno
import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from relukit.errors import InvalidValueError, RelukitError, UnavailableError, unknown_name
from relukit.room.command import room

if TYPE_CHECKING:
    from relukit.checks.outcome import Outcome
    from relukit.ledger import Claim
    from relukit.ledger.setting import Setting

commands = typer.Typer(
    help="A course on the rectifier that tests what the textbooks say.",
    no_args_is_help=True,
    add_completion=False,
)
commands.add_typer(room, name="room")


Seeds = Annotated[str | None, typer.Option(help="Other seeds, such as 1000:1032.")]


@commands.command()
def claims(
    claim_id: Annotated[str | None, typer.Argument(help="Measure this claim.")] = None,
    lesson: Annotated[str | None, typer.Option(help="Such as 02_definitions.")] = None,
    source: Annotated[str | None, typer.Option(help="Part of a source's name.")] = None,
    verdict: Annotated[
        str | None, typer.Option(help="Such as wrong, depends, 'the same' or reported.")
    ] = None,
    seeds: Seeds = None,
    data: Annotated[str | None, typer.Option(help="Other data: digits or mnist1d.")] = None,
    width: Annotated[str | None, typer.Option(help="Wider or narrower, such as 2x.")] = None,
    depth: Annotated[str | None, typer.Option(help="So many hidden layers, such as 6.")] = None,
    optimizer: Annotated[str | None, typer.Option(help="sgd, momentum or adam.")] = None,
    steps: Annotated[str | None, typer.Option(help="Longer or shorter, such as 5x.")] = None,
) -> None:
    """List the ledger of claims, or measure one of them, also elsewhere, and print the outcome."""
    from relukit import ledger
    from relukit.ledger.setting import STATED, Setting

    setting = Setting.parse(
        seeds=seeds, data=data, width=width, depth=depth, optimizer=optimizer, steps=steps
    )
    if claim_id is not None:
        _measure(ledger.claim(claim_id), setting)
        return
    if setting != STATED:
        raise InvalidValueError(
            "the claim to measure there",
            "none",
            "write, say, relukit claims elu-accuracy --depth 6",
        )
    rows = ledger.claims(lesson=lesson, source=source, verdict=verdict)
    table = Table("id", "claim", "said by", "verdict")
    for entry in rows:
        sayers = ", ".join(saying.source.key for saying in entry.said_by)
        table.add_row(entry.id, entry.text, sayers, entry.verdict)
    Console().print(table, _tally(rows))


def _measure(entry: "Claim", setting: "Setting") -> None:
    """Print one claim, what is measured of it in a setting, and what the ledger says."""
    from relukit import ledger
    from relukit.ledger.measuring import is_random
    from relukit.ledger.replication import elsewhere

    rows = [("said by", str(saying)) for saying in entry.said_by]
    if entry.words:
        rows.append(("in its words", f'"{entry.words}"'))
    if entry.experiment:
        finding = ledger.measure(entry.id, setting)
        rows += [("why there", entry.reason), ("measured", setting.name)]
        if is_random(entry):
            rows.append(("seeds", setting.purposes))
        if entry.explored:
            rows.append(("changed", f"after numbers had been seen: {entry.explored}"))
        rows += [("found", line) for line in finding.measured]
        rows.append(("verdict", finding.verdict))
        if finding.verdict != entry.verdict:
            rows.append(("the ledger's", entry.verdict))
    else:
        rows += [("settled by", entry.document or ""), ("verdict", entry.verdict)]
    if entry.on:
        rows.append(("depends on", entry.on))
    if is_random(entry):
        rows.append(("elsewhere", elsewhere(entry)))
    print(entry.text)
    for label, text in rows:
        print(f"  {label + ':':<14}{text}")
    print(" ", entry.correct)


@commands.command()
def replicate(
    claim_ids: Annotated[
        list[str] | None, typer.Argument(help="Claims or questions; all without.")
    ] = None,
    lesson: Annotated[str | None, typer.Option(help="Such as 02_definitions.")] = None,
    seeds: Seeds = None,
    settings: Annotated[
        bool, typer.Option("--settings", help="In other settings, and store what is found.")
    ] = False,
) -> None:
    """Measure claims and questions on fresh seeds, or in other settings; count what stands."""
    from relukit import ledger
    from relukit.ledger.questions import question, questions
    from relukit.ledger.replication import (
        FRESH,
        Entry,
        replicated_in_processes,
        write_reaches,
    )
    from relukit.ledger.setting import STATED, Setting

    everything: tuple[Entry, ...] = (*ledger.claims(), *questions())
    known = dict.fromkeys(entry.lesson for entry in everything)
    if lesson is not None and lesson not in known:
        raise unknown_name("lesson with claims", lesson, known)
    if settings and seeds:
        raise InvalidValueError("either --seeds or --settings", "both", "leave one of them out")
    named: list[Entry] = [
        question(name) or ledger.claim(name) for name in dict.fromkeys(claim_ids or ())
    ]
    chosen = [entry for entry in named or everything if lesson in (None, entry.lesson)]
    if settings:
        for name in dict.fromkeys(entry.lesson for entry in chosen):
            print("wrote", write_reaches(name, [e.id for e in chosen if e.lesson == name]))
        return
    fresh = Setting.parse(seeds=seeds).seeds if seeds else FRESH
    random, exact = [0, 0], [0, 0]  # how many, and how many of them stand
    for found in replicated_in_processes(chosen, fresh):
        kind = random if found.setting != STATED else exact
        kind[0], kind[1] = kind[0] + 1, kind[1] + found.stands
        if not found.stands:
            print(f"{found.id}: {found.stated}, now {found.verdict}")
            print(*(f"  {line}" for line in found.lines), sep="\n")
    print(f"{random[1]} of {random[0]} verdicts stand on seeds {fresh[0]} to {fresh[-1]}")
    print(f"{exact[1]} of {exact[0]} that draw nothing at random came out the same again")


def _tally(rows: tuple["Claim", ...]) -> Table:
    """Return how many claims each source makes, by verdict and by what settles them."""
    from relukit.ledger import VERDICTS

    measured = sum(entry.experiment is not None for entry in rows)
    table = Table(
        "source",
        *("all", *VERDICTS, "measured", "on paper"),
        caption=f"{len(rows)} claims: {measured} measured, {len(rows) - measured} settled on paper",
        box=None,
        padding=(0, 1, 0, 0),
    )
    for column in table.columns[1:]:
        column.justify = "right"
    sources = sorted({saying.source.key for entry in rows for saying in entry.said_by})
    for name in [*sources, "all"]:
        made = [e for e in rows if name in ("all", *(s.source.key for s in e.said_by))]
        verdicts = [sum(e.verdict == verdict for e in made) for verdict in VERDICTS]
        measured = sum(e.experiment is not None for e in made)
        table.add_row(name, *map(str, (len(made), *verdicts, measured, len(made) - measured)))
    return table


@commands.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Such as exercises/02_definitions/*.ipynb.")],
    watch: Annotated[bool, typer.Option(help="Check again whenever the file is saved.")] = False,
    seconds: Annotated[float, typer.Option(help="How long a cell or a task may take.")] = 300,
    json: Annotated[Path | None, typer.Option(help="Write the points into this file, too.")] = None,
) -> None:
    """Check every task of an exercise notebook; exit with status 1 unless all pass."""
    from relukit.grading.rehearsal.notebook import check_notebook

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may know ASCII alone
    if json is not None:
        json.unlink(missing_ok=True)  # an old one must not be taken for this one
    seen = notebook.stat().st_mtime_ns if notebook.exists() else 0  # before it is read
    outcomes = check_notebook(notebook, seconds=seconds)
    _print_outcomes(outcomes)
    _write_points(json, notebook, outcomes)
    while watch:
        try:
            time.sleep(0.5)
            if notebook.stat().st_mtime_ns != seen:
                seen = notebook.stat().st_mtime_ns
                outcomes = check_notebook(notebook, seconds=seconds)
                _print_outcomes(outcomes)
                _write_points(json, notebook, outcomes)
        except KeyboardInterrupt:
            break
        except (OSError, RelukitError) as error:  # the file is being written: look again
            print(f"relukit: {error}", file=sys.stderr)
    raise SystemExit(0 if all(outcomes) else 1)


def _print_outcomes(outcomes: tuple["Outcome", ...]) -> None:
    for outcome in outcomes:
        print(outcome)
    passed, earned = sum(map(bool, outcomes)), sum(o.earned for o in outcomes)
    points = sum(o.points for o in outcomes)
    print(f"{passed} of {len(outcomes)} tasks passed, {earned} of {points} points", flush=True)


def _write_points(file: Path | None, notebook: Path, outcomes: tuple["Outcome", ...]) -> None:
    if file is None:
        return
    from json import dumps

    from relukit.checks.points import as_points
    from relukit.files import write_whole

    text = dumps(as_points(notebook.stem, outcomes), indent=1) + "\n"
    try:
        write_whole(file, text)
    except OSError as cause:
        raise UnavailableError(
            "a file for the points", f"{file}: {cause.strerror}", "name another"
        ) from cause


@commands.command()
def progress() -> None:
    """Print which exercises are passed, and what to do next."""
    from relukit import checks

    print(checks.progress())


@commands.command()
def reset(
    notebook: Annotated[Path, typer.Argument(help="Such as exercises/02_definitions/*.ipynb.")],
    task: Annotated[str, typer.Argument(help="The name of one task, such as relu.")],
) -> None:
    """Put the stub of one answer back; what stood there is kept in a cell below it."""
    from relukit.checks.resetting import reset

    print(reset(notebook, task))


@commands.command()
def start(
    folder: Annotated[Path, typer.Argument(help="Where to; made where it is missing.")] = Path(
        "relukit-course"
    ),
    solutions: Annotated[
        bool, typer.Option("--solutions", help="Lay the model answers there, too.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Without stored outputs, to show it to a room.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open JupyterLab.")] = False,
) -> None:
    """Lay the course into a folder, renew what you did not change there, and open JupyterLab."""
    from relukit import handout

    laid = handout.lay(folder, answers=solutions, empty=empty)
    print(laid, flush=True)
    if not no_open:
        if handout.has_lab():
            print(handout.OPENING, flush=True)
        raise SystemExit(handout.open_lab(laid.folder))


@commands.command()
def doctor() -> None:
    """Say what of the course's needs is here, and what to do; exit with 1 if it cannot run."""
    from relukit import doctor

    findings = doctor.examine()
    for finding in findings:
        print(finding)
    print(doctor.summary(findings))
    raise SystemExit(any(finding.state == "problem" for finding in findings))


@commands.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="A folder or a zip of notebooks.")],
    output: Annotated[Path, typer.Option(help="The folder for results and reports.")],
    lesson: Annotated[
        str | None, typer.Option(help="Such as 02_definitions or 2; else all.")
    ] = None,
    jail: Annotated[str, typer.Option(help="auto, bwrap or none.")] = "auto",
    names: Annotated[
        Path | None, typer.Option(help="A CSV file with the columns file, student and lesson.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many processes grade.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Grade on a dask cluster: tcp://host:port.")
    ] = None,
    nbgrader_db: Annotated[
        Path | None, typer.Option(help="Write the scores into this gradebook of nbgrader, too.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="An exported class list: a copy is filled in.")
    ] = None,
) -> None:
    """Grade a folder of submissions, in a jail; run it again to go on where it was stopped.

    The exit status is 1 where an answer could not be graded, and 130 after an interrupt.
    """
    from relukit.grading.cluster import cluster
    from relukit.grading.shelter import sheltered

    with sheltered(), cluster(scheduler) as executor:
        from relukit.grading.command import run  # here, since libraries look for their settings

        grades = run(
            submissions,
            output,
            lesson=lesson,
            jail=jail,
            names=names,
            executor=executor or workers,
            nbgrader_db=nbgrader_db,
            roster=roster,
        )
    print(*grades.summary, sep="\n")
    raise SystemExit(130 if grades.interrupted else int(grades.n_errors > 0))


def app() -> None:
    """Run the command line; an error of the package is one line on stderr and exit status 2."""
    try:
        commands()
    except RelukitError as error:
        print(f"relukit: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        said = UnavailableError("room on the disk", str(error), "make room, and run this again")
        print(f"relukit: {said}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    app()
