"""The answers in a notebook: the text of the cells that answer a task, and why any is missing."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from relukit.grading import parsing
from relukit.grading.submissions.cells import MAX_SOURCE, Cell, candidates, is_free
from relukit.grading.submissions.joined import answers as defines
from relukit.grading.submissions.joined import without, without_course
from relukit.grading.submissions.own import SET_UP, texts_of
from relukit.grading.submissions.stub import is_untouched
from relukit.grading.submissions.toplevel import defined_in

MAX_ELSEWHERE = 50
_MAX_HALVES = 2 * MAX_SOURCE  # characters of all that may be parts of one answer
MAX_READ = 2**20  # characters of a student's own cells that are looked through
_GONE = "the cell's metadata is gone"
_OTHER_TYPE = (
    "the answer cell was turned into a text cell, whose text was graded (set it back to Code)"
)
_OF_OWN = "the answer cell is empty or as it was released, so the last cell of your own was graded"
_HALF_OWN = "graded together with a cell of your own, which defines it"
_ASTRAY = "graded where it stands, in another cell of the course's: move it into its answer cell"
_IN_TEXT = "a text cell defines it, which is not graded: put it into the answer cell"
_TWICE = "several cells define it, and the last one counts, as where a notebook runs"
_BELOW = "a cell of your own below the answer defines it again, and the last one counts"
_JOINED = "its answer stands in several cells, which were joined in their order"


# a task's cells, how they were recognised, those whose text is its answer, and what to say
_Taken = tuple[list[Cell], str, list[Cell], str]


@dataclass(frozen=True)
class Released:
    """What the course has released for a lesson, which tells an answer from none.

    Attributes:
        stubs: the text of each answer cell as it was released, by the name of its task.
        models: the text of the same cells in the course's solutions, or nothing.
    """

    stubs: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What `Submission` needs from a notebook: see there."""

    answers: dict[str, str]
    faults: dict[str, str]
    elsewhere: tuple[str, ...]
    note: str
    own: tuple[tuple[str, str], ...] = ()


def read_answers(
    cells: Sequence[Cell],
    tasks: Iterable[str],
    set_up: str = "",
    released: Released = Released(),
) -> Answers:
    """Return the answers among the cells.

    Halves of an answer are joined in the notebook's order, so of two definitions the last counts,
    as it does where a notebook runs. A stub that is as it was released never competes. Where
    nothing else answers a task, the text of an answer cell that was turned into Markdown counts,
    then the student's own cell that defines the task's name, and then any cell of the course's
    that does: cells may have been joined. A cell with the answers of several tasks is divided.

    Args:
        cells: of a notebook.
        tasks: the names of the lesson's tasks.
        set_up: the source of the course's own cell with imports; where it is given, what a student
            has added to that cell counts as defined elsewhere.
        released: what the course has released for the lesson.
    """
    answers: dict[str, str] = {}
    faults: dict[str, str] = {}
    remarks: dict[str, list[str]] = {}
    chosen: list[Cell] = []
    firsts: list[tuple[str, Cell]] = []
    names = tuple(tasks)
    taken: dict[str, _Taken] = {}
    for task in names:
        found, how = candidates(task, cells)
        pieces, remark = _pieces(task, found, cells, released.stubs.get(task, ""), names)
        chosen += found + pieces
        firsts += [(task, cell) for cell in pieces[:1]]
        taken[task] = found, how, pieces, remark
    for task, (found, how, pieces, remark) in taken.items():
        texts = [_alone(task, cell, taken, released) for cell in pieces if cell.source is not None]
        source = _joined(task, texts)
        fault = _fault(task, pieces, source, found)
        if fault:
            faults[task] = fault
            continue
        answers[task] = source
        if how and found:
            lost = "its metadata is of another release" if found[0].grade_id else _GONE
            remarks.setdefault(f"recognised by {how}, as {lost}", []).append(task)
        if remark:
            remarks.setdefault(remark, []).append(task)
    said = [f"{said}: {', '.join(names)}" for said, names in remarks.items()]
    note = "; ".join([*said, parsing.SPENT] if parsing.is_spent() else said)
    known = {name for cell in chosen for name in cell.names} | set(defined_in(set_up))
    own = _own(cells, chosen, bool(set_up))
    of_own = texts_of(own, cells, firsts, set_up)
    return Answers(answers, faults, _elsewhere(own, known), note, of_own)


def _pieces(
    task: str, found: Sequence[Cell], cells: Sequence[Cell], stub: str, tasks: Collection[str]
) -> tuple[list[Cell], str]:
    """Return the cells whose text is a task's answer, and what to say about them."""
    written = [cell for cell in found if cell.is_code and not is_untouched(cell.source, stub)]
    written = list({(cell.source or "").rstrip(): cell for cell in reversed(written)}.values())
    written.sort(key=_places(cells))
    known = set(map(id, found))
    others = [
        cell
        for cell in cells
        if task in cell.names and not is_untouched(cell.source, stub) and id(cell) not in known
    ]
    answering = [cell for cell in others if defines(cell.source, task)]
    own = [cell for cell in answering if is_free(cell)]
    written = [cell for cell in written if cell.source is not None] or written
    definers = [cell for cell in written if task in cell.names]
    if written:
        below = _redefined(task, written, own, cells)
        if below:
            return below, _BELOW
        if any(defines(cell.source, task) for cell in definers) or not answering:
            return written, _TWICE if len(definers) > 1 else _JOINED if len(written) > 1 else ""
        halves = [cell for cell in written if not set(cell.names) & set(tasks)]
        said = (_HALF_OWN if halves else _OF_OWN) if own else _ASTRAY
        return sorted([*halves, (own or answering)[-1]], key=_places(cells)), said
    texts = [text for cell in found if (text := _as_code(cell, task))]
    if texts:
        return texts[-1:], _OTHER_TYPE
    if own and found:
        return own[-1:], _OF_OWN
    if answering:
        return answering[-1:], _ASTRAY
    stubs = [cell for cell in found if cell.is_code][:1] or others[-1:]
    in_text = any(not cell.grade_id and _as_code(cell, task) for cell in cells)
    return stubs, _IN_TEXT if stubs and in_text else ""


def _alone(task: str, cell: Cell, taken: Mapping[str, _Taken], released: Released) -> str:
    """Return the text of a cell without what it holds for other tasks and for the course."""
    source = cell.source or ""
    sharing = [name for name, (_, _, pieces, _) in taken.items() if any(cell is p for p in pieces)]
    source = without(source, [name for name in sharing if name != task])
    if cell.grade_id and cell.grade_id not in taken and not is_free(cell):
        source = without_course(source, released.stubs.get(cell.grade_id, ""))
    return source


def _redefined(
    task: str, written: Sequence[Cell], own: Sequence[Cell], cells: Sequence[Cell]
) -> list[Cell]:
    """Return the answer where an own cell below it, and above a check of it, defines it again.

    Run from top to bottom, the notebook checks what was defined last. What stands below the last
    check is a trial.
    """
    place = _places(cells)
    check = re.compile(rf"^check\([ \t]*{task}\b", flags=re.MULTILINE)
    checks = [n for n, cell in enumerate(cells) if cell.is_code and check.search(cell.source or "")]
    first, last = max(map(place, written)), max(checks, default=0)
    later = [cell for cell in own if first < place(cell) <= last]
    defines = any(task in cell.names for cell in written)
    return [*written, later[-1]] if later and defines else []


def _places(cells: Sequence[Cell]) -> Callable[[Cell], int]:
    places = {id(cell): place for place, cell in enumerate(cells)}
    return lambda cell: places[id(cell)]


def _as_code(cell: Cell, task: str) -> Cell | None:
    """Return an answer cell that is no code cell as one, where its text defines the task."""
    found = (code for code in cell.as_code if task in code.names)
    return next((code for code in found if not is_untouched(code.source)), None)


def _joined(task: str, sources: Sequence[str]) -> str:
    """Return the halves of an answer as one text; one that is no Python by itself may fall out."""
    if sum(map(len, sources)) > _MAX_HALVES:
        return "\n".join(sources)  # too long for an answer, and for what follows
    sources = _counting(task, sources)
    whole = "\n".join(sources)
    if len(sources) < 2 or parsing.parse(whole):
        return whole
    sound = "\n".join(source for source in sources if parsing.parse(source))
    return sound if task in defined_in(sound) else whole


def _counting(task: str, sources: Sequence[str]) -> Sequence[str]:
    """Leave out earlier definitions that the last one replaces and needs nothing of."""
    begins = re.compile(rf"^(?:def|class)[ \t]+{task}\b", flags=re.MULTILINE)
    last = max((n for n, source in enumerate(sources) if begins.search(source)), default=0)
    later = "\n".join(sources[last:])
    again = begins.search(later) if last else None
    above = later[: again.start()] if again else ""
    used = frozenset(parsing.words(later)) - {task} | {task} & set(parsing.words(above))
    earlier = ((source, defined_in(source)) for source in sources[:last])
    kept = [source for source, names in earlier if task not in names or used.intersection(names)]
    return [*kept, *sources[last:]]


def _fault(task: str, pieces: Sequence[Cell], source: str, found: Sequence[Cell]) -> str:
    if not pieces:
        kinds = {cell.kind for cell in found if cell.source and cell.kind in ("markdown", "raw")}
        if kinds:
            kind = " and a ".join(sorted(kinds))
            said = f"the answer cell for {task} is a {kind} cell, and its text does not define"
            return f"{said} {task} in Python: set its type back to Code"
        return f"no answer cell for {task}: was it deleted, or its type changed?"
    if any(cell.source is None for cell in pieces):
        return f"the source of the answer cell for {task} is no text"
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE:
        return f"the answer cell for {task} is longer than {MAX_SOURCE // 1024} KiB"
    if any("\ud800" <= character <= "\udfff" for character in source):
        return f"the answer cell for {task} holds half a character (a lone surrogate)"
    return ""


def _own(cells: Sequence[Cell], chosen: Sequence[Cell], with_set_up: bool) -> list[Cell]:
    """Return the code cells that are neither answers nor the course's."""
    own, used = [], set(map(id, chosen))
    for cell in cells:
        is_set_up = SET_UP in (cell.grade_id, cell.cell_id)
        is_students = is_free(cell) and not is_set_up
        if cell.is_code and id(cell) not in used and (is_students or (is_set_up and with_set_up)):
            own.append(cell)
    return own


def _elsewhere(own: Iterable[Cell], known: set[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    left = MAX_READ
    for cell in own:
        left -= len(cell.source or "")
        if left < 0 or len(names) >= MAX_ELSEWHERE:
            break
        names |= dict.fromkeys(name for name in cell.names if name not in known)
    return tuple(names)[:MAX_ELSEWHERE]
