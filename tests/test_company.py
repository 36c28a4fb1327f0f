"""One room at most listens, and the engines know none."""

from relukit import company


class Ear:
    def predicted(self, name, lesson, answer):
        return ""


def test_the_last_one_listens_alone_until_nobody_does():
    one, other = Ear(), Ear()
    company.listen(one)
    company.listen(other)
    assert company.listener() is other
    company.listen(None)
    assert company.listener() is None
