"""Learners' names and words where they are written down: names of files, and lines of text."""

import hashlib
import re
import unicodedata

LONGEST = 80  # characters of a slug
SHOWN = 2000  # characters of a text
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?")
_HASH = 16
_ENDS_IN_HASH = re.compile(rf"(?:^|-)[0-9a-f]{{{_HASH}}}$")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")  # Windows' devices
_JOINERS = "\u200c\u200d"  # invisible, and part of the spelling in Persian and Indic names


def slug(student: str) -> str:
    """Return a file name for a student: safe on every system, and another one for each student.

    A name that is safe as it stands stays. Any other is reduced and ends in a hash of the whole,
    so that names that differ in case, in accents or beyond the end don't meet.

    Args:
        student: any text.

    Returns:
        1 to 80 characters out of a-z, 0-9, ".", "_" and "-"; no dot at either end.

    Example:
        >>> slug("ada")
        'ada'
        >>> slug("Ada"), slug("../../ada")
        ('ada-99a563ab2f6e21e9', 'ada-c175b195a5ebf654')
    """
    safe = _PLAIN.fullmatch(student) and len(student) <= LONGEST
    if safe and not _RESERVED.match(student) and not ends_in_hash(student):
        return student
    code = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    letters = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9_]+", "-", letters)[: LONGEST - _HASH - 1].strip("-")
    return f"{stem or 'student'}-{code}"


def ends_in_hash(name: str) -> bool:
    """Return whether a name has the form of a slug that was made of another name.

    Example:
        >>> ends_in_hash(slug("O'Brien")), ends_in_hash("o-brien")
        (True, False)
    """
    return _ENDS_IN_HASH.search(name) is not None


def readable(text: str, *, limit: int = SHOWN) -> str:
    r"""Return a text as one line that shows what is in it and turns no terminal or page about.

    White space of any kind becomes single spaces. Control characters, marks that change the
    direction of writing, invisible characters and broken ones are written out as escapes.

    Args:
        text: any text.
        limit: how many characters of it are kept.

    Example:
        >>> readable("ada\n\t lovelace\x1b[2J")
        'ada lovelace\\x1b[2J'
        >>> readable("a" * 30, limit=10)
        'aaaaaaaaaa... (20 more characters)'
    """
    line = visible(" ".join(text[:limit].split()))
    return f"{line}... ({len(text) - limit} more characters)" if len(text) > limit else line


def visible(text: str) -> str:
    r"""Return a text with all that cannot be seen in it, line ends included, as escapes.

    Example:
        >>> visible("a  b\n\u202e")
        'a  b\\x0a\\u202e'
    """
    if text.isprintable():
        return text
    return "".join(c if _is_visible(c) else _escape(c) for c in text)


def _is_visible(character: str) -> bool:
    code = ord(character)
    if 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:  # no characters, by definition
        return False
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")


def _escape(character: str) -> str:
    if character.isascii():
        return f"\\x{ord(character):02x}"
    return character.encode("ascii", "backslashreplace").decode()
