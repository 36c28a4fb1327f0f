"""What a path says about a file: whose it is, which lesson it answers, and how surely."""

from dataclasses import dataclass

from relukit.grading.submissions.platforms import Owner


@dataclass(frozen=True)
class Place:
    """What a path says about an entry.

    Attributes:
        name: the student's name.
        number: what tells students of this name apart, where the platform gives it.
        lesson: the lesson, or None where the path doesn't say.
        upload: the platform's running number or time of the upload, else 0.
        sureness: how plainly the lesson is said, from 0 to 3.
        again: the number that a browser or a platform gives a file of the same name, else 0.
        is_copy: whether the name says that the file is a copy.
        owner: what the platform's name says of the student, where it has such a name.
        where: 1 in a folder `exercises`, -1 in a folder of the course's that holds no answers of
            the student's, such as `solutions`, else 0.
        is_old: whether a name says that something newer has replaced it, such as `backup`.
        newness: how much the file's name says that it is newer, such as `final` or `v2`.
        is_plain: whether the file's name is the lesson's and nothing more.
        depth: how many folders of the student's choice it lies in.
        is_given: whether a list of names says the lesson, which then wins over the contents.
        nested: how many folders or zips of several students it lies in.
    """

    name: str
    number: str = ""
    lesson: str | None = None
    upload: int = 0
    sureness: int = 0
    again: int = 0
    is_copy: bool = False
    where: int = 0
    owner: Owner | None = None
    is_old: bool = False
    newness: int = 0
    is_plain: bool = False
    depth: int = 0
    is_given: bool = False
    nested: int = 0

    @property
    def rank(self) -> tuple[int | bool, ...]:
        """Of the files for one lesson that are of one upload the highest counts."""
        folder = (self.where >= 0, not self.is_old, self.where)
        name = (not self.is_copy, self.newness, self.sureness, self.is_plain, self.again)
        return (*folder, *name, -self.depth)


def of_owner(owner: Owner) -> Place:
    """Return the place that a platform's name says."""
    return Place(owner.name, owner.number, upload=owner.upload, owner=owner)
