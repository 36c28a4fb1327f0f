"""What each attack comes to, with nbgrader and here, with the jail and without: `make attacks`."""

import os
import sys

from attacks.attack import Attack, grade_attack, surroundings
from attacks.catalogue import CATALOGUE
from attacks.interpreter import readable_python, remove_copy
from rich.console import Console
from rich.table import Table

from relukit.errors import UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail.choice import choose
from relukit.grading.worker import set_up


def main() -> None:
    """Print a row for each attack, and fail where a verdict is not the expected one."""
    set_up()
    jails.UNJAILED = readable_python()
    columns = ("row", "attack", "nbgrader 0.9.6", *(f"jail {jail}" for jail in ("bwrap", "none")))
    table = Table(*columns, box=None, padding=(0, 2, 0, 0))
    surprises = 0
    try:
        usable = {jail: _usable(jail) for jail in ("bwrap", "none")}
        with surroundings() as places:
            for attack in CATALOGUE:
                cells = []
                for jail, works in usable.items():
                    if not works or (jail == "none" and attack.harms_the_user and os.geteuid()):
                        cells.append("-")
                        continue
                    status = grade_attack(attack, jail, places).status
                    expected = attack.expected(jail)
                    surprises += status != expected
                    cells.append(_cell(attack, status, expected))
                table.add_row(attack.row, attack.title, attack.before, *cells)
    finally:
        remove_copy()
    Console(width=130).print(table)
    sys.exit(f"{surprises} verdicts are not the expected ones" if surprises else None)


def _usable(jail: str) -> bool:
    try:
        return choose(jail) == jail
    except UnavailableError:
        return False


def _cell(attack: Attack, status: str, expected: str) -> str:
    said = f"{status} (right)" if attack.fair else status
    return said if status == expected else f"{said}, and not {expected}"


if __name__ == "__main__":
    main()
