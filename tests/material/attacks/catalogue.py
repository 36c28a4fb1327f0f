"""All attacks, in the order of the catalogue."""

from attacks import escaping, exhausting, forging, odd, outliving, reading
from attacks.attack import Attack


def _place(attack: Attack) -> int:
    return int(attack.row) if attack.row.isdigit() else 1000


CATALOGUE: tuple[Attack, ...] = tuple(
    sorted(
        (
            *forging.ATTACKS,
            *reading.ATTACKS,
            *exhausting.ATTACKS,
            *outliving.ATTACKS,
            *escaping.ATTACKS,
            *odd.ATTACKS,
        ),
        key=_place,
    )
)
