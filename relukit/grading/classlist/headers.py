"""Names of columns that say who a student is, as platforms and people write them."""

import re
import unicodedata
from enum import Enum


class Kind(Enum):
    """What a column says of a student."""

    USER = "the platform's own number"
    NUMBER = "a number of the school"
    LOGIN = "a login or an e-mail address"
    NAME = "the whole name"
    FIRST = "the first name"
    LAST = "the last name"


_HEADERS = {
    Kind.USER: (
        *("id", "identifier", "user id", "userid", "usr id", "canvas id", "canvas user id"),
        *("participant", "participant id", "moodle id", "github id", "identificador"),
    ),
    Kind.NUMBER: (
        *("sis user id", "sis id", "integration id", "student id", "studentid", "id number"),
        *("idnumber", "orgdefinedid", "org defined id", "student number", "student no"),
        *("matriculation", "matriculation number", "matrikelnummer", "id nummer", "number"),
    ),
    Kind.LOGIN: (
        *("sis login id", "login id", "login", "username", "user name", "user", "account"),
        *("email", "e mail", "mail", "email address", "e mail address", "e mail adresse"),
        *("github username", "github", "github login", "anmeldename", "benutzername"),
        *("adresse de courriel", "direccion de correo", "netid", "net id", "uid"),
    ),
    Kind.NAME: (
        *("student", "name", "full name", "fullname", "student name", "display name"),
        *("vollstandiger name", "nom complet", "nombre completo", "students", "learner"),
    ),
    Kind.FIRST: (
        *("first name", "firstname", "first", "given name", "given names", "forename"),
        *("vorname", "prenom", "nombre"),
    ),
    Kind.LAST: (
        *("last name", "lastname", "last", "surname", "family name", "nachname", "nom"),
        *("apellido", "apellidos"),
    ),
}
_KINDS = {header: kind for kind, headers in _HEADERS.items() for header in headers}


def plain(header: str) -> str:
    """Return a header in small letters without accents, marks and doubled spaces.

    Example:
        >>> plain(" E-Mail-Adresse "), plain("SIS_Login_ID")
        ('e mail adresse', 'sis login id')
    """
    letters = unicodedata.normalize("NFKD", header).casefold()
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.split(r"[\W_]+", bare)).strip()


def kind_of(header: str) -> Kind | None:
    """Return what a column of this name says of a student; None where it is nothing known."""
    return _KINDS.get(plain(header))
