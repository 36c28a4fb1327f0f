"""Write what a claim begins with: `make claim ID=swish-cheaper LESSON=03_variants`.

What is there already stays as it is; `steps.py` says what is still open.
"""

import re
import subprocess
import sys
from pathlib import Path

import steps

from relukit.errors import InvalidValueError, RelukitError, unknown_name
from relukit.files import write_whole
from relukit.ledger import claims
from relukit.syllabus import folder as folder_of

ROOT = Path(__file__).parents[1]
USAGE = "make claim ID=swish-cheaper LESSON=03_variants"

ENTRY = """
[[claim]]
id = "{id}"
text = "..."
said_by = {{}}
verdict = "true"
correct = "..."
references = []
experiment = "{module}.{name}"
reason = "..."
holds = [
    {{ what = "...", above = 0.0 }},
]
"""

BEGINNING = '''"""Experiments of lesson {number} on ..."""

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
'''

EXPERIMENT = '''

def {name}(setting: Setting = STATED) -> Measured:
    """Measure ...; without `setting` where nothing is drawn at random.

    Args:
        setting: the seeds.
    """
    setting.only()
    raise NotImplementedError
'''


def write(claim_id: str, lesson: str, module: str = "", root: Path = ROOT) -> list[Path]:
    """Write the skeleton of a claim and its experiment, and return the files that changed.

    Args:
        claim_id: the name by which the lesson will refer to it, such as "swish-cheaper".
        lesson: such as "03_variants".
        module: the experiments' file that it belongs to, such as "smooth"; else one of its own.
        root: the course's folder.

    Raises:
        InvalidValueError: the id or the module is not of that form, another lesson has the id, or
            no lesson has the lesson's name.
    """
    owners = {entry.id: entry.lesson for entry in claims()}
    if lesson not in owners.values():
        raise unknown_name("lesson with claims", lesson, dict.fromkeys(owners.values()))
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", claim_id):
        raise InvalidValueError("an id of small letters, digits and hyphens", repr(claim_id), USAGE)
    taken = owners.get(claim_id, lesson)
    if taken != lesson:
        raise InvalidValueError("an id of its own", f"{claim_id!r} of {taken}", "choose another")
    name = claim_id.replace("-", "_")
    module = module or name
    if not module.isidentifier():
        raise InvalidValueError("a module's name", repr(module), f"{USAGE} MODULE=smooth")
    folder = root / folder_of(lesson).relative_to(ROOT)
    ledger, experiment = folder / "claims.toml", folder / "experiments" / f"{module}.py"
    text = ledger.read_text(encoding="utf-8")
    if f'id = "{claim_id}"' in text:
        return []
    begun = BEGINNING.format(number=lesson[:2])
    code = experiment.read_text(encoding="utf-8") if experiment.exists() else begun
    write_whole(experiment, code.rstrip("\n") + "\n" + EXPERIMENT.format(name=name))
    entry = ENTRY.format(id=claim_id, module=module, name=name)
    write_whole(ledger, text.rstrip("\n") + "\n" + entry)
    return [ledger, experiment]


def main(arguments: list[str]) -> int:
    """Write the skeleton and print what changed and what is open."""
    claim_id, lesson, module = (*arguments, "", "", "")[:3]
    lesson = lesson or {entry.id: entry.lesson for entry in claims()}.get(claim_id, "")
    if not claim_id or not lesson:
        sys.stderr.write(f"Expected an id and a lesson. What to do: {USAGE}\n")
        return 2
    try:
        changed = write(claim_id, lesson, module)
    except RelukitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in changed:
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    # in a process of its own, which reads the ledger anew
    subprocess.run([sys.executable, steps.__file__, "claim", claim_id], check=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
