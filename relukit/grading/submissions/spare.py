"""Names that say a file is another one again: a copy, a second download, an older version."""

import re
import unicodedata

COPY = r"(?:copy|kopie|copie|copia|cópia|kopia|kópia|コピー|副本)"
COPY_OF = re.compile(rf"(?:{COPY} (?:of|von|de|di|av|z) )+", re.IGNORECASE)
AGAIN = rf"(?P<again>(?:(?: [-–] |[-_ ]){COPY}(?: ?\d{{1,6}})?|-\d{{1,6}}| ?\(\d{{1,6}}\))*)"
AGAIN_ALONE = AGAIN.replace(r"|-\d{1,6}", "")  # "-2" may be part of a name
# in the languages of the platforms' names of months
_OLD = re.compile(
    r"old|older|backups?|bak|bkp|archived?|archives?|archiv|previous|prev|orig|original|unused|"
    r"alt|alte|altes|sicherung|sicherungskopie|vorher|"
    r"ancien|ancienne|sauvegarde|viejo|vieja|antiguo|antigua|anterior|respaldo|"
    r"antigo|antiga|vecchio|vecchia|oud|oude|trash|papierkorb|corbeille|papelera|lixeira|cestino"
)
_NEW = re.compile(
    r"final|finale|finished|done|solved|solutions?|completed?|corrected|fixed|newe?r?|latest|last|"
    r"updated?|mine|my|answers?|answered|submission|submit|abgabe|fertig|gelost|losung|neue?s?|"
    r"endgultig|korrigiert|fini|corrige|nouveau|nouvelle|rendu|nueva|nuevo|corregido|resuelto|"
    r"listo|novo|nova|resolvido|pronto|nuovo|nuova|corretto|risolto|nieuw|klaar|opgelost"
)
_NUMBERED = re.compile(r"(?:v|ver|version|versao|versione|versie|rev|attempt|try)(\d{0,6})")
_COPIED = re.compile(COPY)
_VERSION = re.compile(
    r"(?:v|ver|version|attempt|versuch|try|draft|entwurf|final|new|neu|test|part|teil|tmp|temp|"
    r"submission|abgabe|feedback|answers?|work|my|data|src|code|homework|hw|assignment|exercise)"
    r"s?\d*"
)


def words_of(name: str) -> list[str]:
    """Return the words of a name in small letters and without accents.

    Example:
        >>> words_of("02_definitions (Vieja) - Kópia2")
        ['definitions', 'vieja', 'kopia2']
    """
    bare = unicodedata.normalize("NFKD", name.casefold())
    return re.findall(r"[^\W\d_]+\d*", "".join(c for c in bare if not unicodedata.combining(c)))


def is_old(name: str, *, folder: bool = False) -> bool:
    """Return whether a name says that what it names was replaced by something newer.

    Args:
        name: of a file, without its ending, or of a folder.
        folder: of a folder a copy counts, too.

    Example:
        >>> is_old("02_definitions_old"), is_old("relukit (copy)", folder=True), is_old("gold")
        (True, True, False)
    """
    said = any(_OLD.fullmatch(word.rstrip("0123456789")) for word in words_of(name))
    return said or (folder and _COPIED.search(name.casefold()) is not None)


def newness(name: str) -> int:
    """Return how much a name says that something is newer than what has no such name.

    Example:
        >>> [newness(f"hw{end}") for end in ("", "_v1", "_v2", "_final", "_final_v2")]
        [0, 0, 1, 1000, 1001]
    """
    words = words_of(name)
    said = 1000 * any(_NEW.fullmatch(word.rstrip("0123456789")) for word in words)
    numbers = (found[1] for word in words if (found := _NUMBERED.fullmatch(word)))
    return said + max([int(number or 1) - 1 for number in numbers], default=0)


def is_version(name: str) -> bool:
    """Return whether a name says what a file is to its student, and no student's name.

    Example:
        >>> is_version("final v2"), is_version("my old work"), is_version("王 小明")
        (True, True, False)
    """
    words = words_of(name)
    if not words:  # a number is a student's where it is long enough for one
        return not re.search(r"\d{3}", name)
    plain = all(_VERSION.fullmatch(word) or newness(word) or is_old(word) for word in words)
    return plain or is_old(name, folder=True)
