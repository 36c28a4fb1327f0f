"""Times as platforms write them into names, in the languages that their courses are held in."""

import re
import unicodedata

# full names; each may be cut after its third letter
_MONTHS = (
    "january januar janvier enero janeiro gennaio januari",
    "february februar fevrier febrero fevereiro febbraio februari",
    "march marz maerz mars marzo marco maart mrz mrt",
    "april avril abril aprile",
    "may mai mayo maio maggio mei maj",
    "june juni juin junio junho giugno",
    "july juli juillet julio julho luglio",
    "august aout agosto augustus augusti",
    "september septembre septiembre setembro settembre setiembre",
    "october oktober octobre octubre outubro ottobre",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dezembro dicembre",
)
_HALF = re.compile(r"\d\s*([ap])\.?\s?m\b", re.IGNORECASE)


def time_in(text: str) -> int:
    """Return a time as a number that grows with it, or 0 where it cannot be read.

    Example:
        >>> time_in("Oct 3, 2026 1159 PM"), time_in("3 févr. 2026 09:01")
        (202610032359, 202602030901)
        >>> time_in("3 of Nivôse 2026 1159")
        0
    """
    month = _month(text)
    numbers = re.findall(r"\d+", text)
    year = next((number for number in numbers if len(number) == 4), "")
    day, *rest = [number for number in numbers if number is not year] or [""]
    clock = "".join(rest)[:4].rjust(3, "0")
    hour, minute = int(clock[:-2]), int(clock[-2:])
    if half := _HALF.search(text):
        hour = hour % 12 + 12 * (half[1].casefold() == "p")
    if not (month and year and 0 < len(day) < 3):
        return 0
    return int(f"{year}{month:02}{int(day):02}{hour:02}{minute:02}")


def _month(text: str) -> int:
    """Return the month that is named, 1 to 12, or 0."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z]{3,}", "".join(c for c in bare if not unicodedata.combining(c)))
    for word in words:
        for number, names in enumerate(_MONTHS, 1):
            if any(name.startswith(word) for name in names.split()):
                return number
    return 0
