"""`relukit room`: a live class board on the instructor's own computer."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from relukit.errors import UnavailableError, unknown_name

room = typer.Typer(help="A live class board: vote, talk, vote again, then see what is measured.")

WHAT_IT_MEANS = (
    "Everybody in this network can open that page, vote and ask for help; nobody can open the",
    "board without its link, or a file of yours. Nothing is encrypted: who listens in this network",
    "can read the votes. Nothing goes to the internet. Ctrl+C closes the room.",
)
ONLY_HERE = (
    "Only this computer can open it. With --open-to-network, phones in the same network can.",
)
BEHIND = (
    "Everybody who reaches that address can open the page, vote and ask for help, without a",
    "password; nobody can open the board without its link.",
)


@room.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    lesson: Annotated[str, typer.Option(help="Such as 02_definitions or 2.")] = "02_definitions",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="As before, or 8765.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen at.")] = None,
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Let everybody in this network in.")
    ] = False,
    database: Annotated[
        Path | None, typer.Option(help="The room's file; else one for each lesson.")
    ] = None,
    behind: Annotated[
        str | None,
        typer.Option(help="Where a proxy, as a JupyterHub's, has it: the whole address."),
    ] = None,
) -> None:
    """Open a room for a lesson's predictions; started again, it goes on where it was."""
    if context.invoked_subcommand is not None:
        return
    try:
        import segno
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as cause:
        do = 'write pip install "relukit[room]"'
        raise UnavailableError("the packages of a room", f"no {cause.name}", do) from cause
    from relukit.room.serving import chosen_host
    from relukit.room.serving import serve as serve_room
    from relukit.room.store import place

    named, at = lesson_named(lesson), chosen_host(host, open_to_network=open_to_network)
    file = database or place(named)

    def say(address: str, board: str, before: bool) -> None:
        if sys.stdout.isatty():
            segno.make(address, error="m").terminal(compact=True)
        typer.echo(f"The room of {named}: {address}")
        typer.echo(f"Your board, for you alone: {board}")
        meaning = BEHIND if behind else WHAT_IT_MEANS if open_to_network else ONLY_HERE
        typer.echo("\n".join(meaning))
        typer.echo(f"It goes on in {file}" if before else f"It is kept in {file}")

    serve_room(named, file, host=at, port=port, public=behind, say=say)


Lesson = Annotated[str, typer.Option(help="Such as 02_definitions or 2.")]
Database = Annotated[Path | None, typer.Option(help="The room's file; else the lesson's.")]


@room.command()
def report(
    lesson: Lesson = "02_definitions",
    database: Database = None,
    output: Annotated[Path, typer.Option(help="The folder for both files.")] = Path(),
) -> None:
    """Write what the room believed, as a page and a table that name nobody."""
    from relukit.room.belief import believed
    from relukit.room.report import write_report

    for file in write_report(believed(_file(lesson, database)), output):
        typer.echo(f"wrote {file}")


@room.command()
def forget(
    lesson: Lesson = "02_definitions",
    database: Database = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Erase a room from the disk: votes, names, checks."""
    from relukit.room.report import forget as erase

    file = _file(lesson, database)
    if file.is_file() and not yes:
        typer.confirm(f"Erase all votes and names in {file}?", abort=True)
    erase(file)
    typer.echo(f"erased {file}")


def _file(lesson: str, database: Path | None) -> Path:
    from relukit.room.store import place

    return database or place(lesson_named(lesson))


def lesson_named(text: str) -> str:
    """Return the lesson with questions that a text names: by its whole name, or its number.

    Raises:
        InvalidValueError: it names none.

    Example:
        >>> lesson_named("2"), lesson_named("04_dying_relu")
        ('02_definitions', '04_dying_relu')
    """
    from relukit.ledger.questions import questions

    known = dict.fromkeys(entry.lesson for entry in questions())
    said = text.strip().casefold()
    for lesson in known:
        number, _, title = lesson.partition("_")
        if said in (lesson, number, number.lstrip("0") or "0", title):
            return lesson
    raise unknown_name("lesson with questions", text, known)
