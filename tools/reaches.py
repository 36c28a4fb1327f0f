"""What the page on the ledger says of its verdicts and how far they carry, from what is stored."""

from facts import in_table

from relukit.ledger import VERDICTS, claims
from relukit.ledger.measuring import changeable, is_random
from relukit.ledger.replication import reach


def verdicts() -> str:
    """Return how many claims have each verdict now, as a part of a sentence."""
    counts = {verdict: len(claims(verdict=verdict)) for verdict in VERDICTS}
    parts = (f"{verdict} {number}" for verdict, number in counts.items() if number)
    return f"{len(claims())} claims: {', '.join(parts)}"


def settings() -> str:
    """Return the table of all claims that were measured in other settings, after a line of sums."""
    drawn = [entry for entry in claims() if is_random(entry)]
    found = {entry: far for entry in drawn if (far := reach(entry))}
    tried = sum(len(far.found) for far in found.values())
    stood = sum([*far.found.values()].count(far.verdict) for far in found.values())
    everywhere = sum(not far.others for far in found.values())
    whole = (
        f"{len(found)} tables, {tried} settings in all: in {stood} of them the verdict stands; "
        f"{everywhere} claims keep theirs in every setting that was tried."
    )
    rows = [
        f"| `{entry.id}` | {entry.lesson[:2]} | {far.verdict} | {far.stands} "
        f"| {in_table('. '.join(far.others)) or '-'} |"
        for entry, far in found.items()
    ]
    untried = [entry for entry in drawn if entry not in found]
    alone = ", ".join(f"`{entry.id}`" for entry in untried if not changeable(entry))
    same = ", ".join(f"`{entry.id}`" for entry in untried if changeable(entry))
    return "\n".join(
        [
            whole,
            "",
            "| id | lesson | verdict | stands in | where another was found |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"Not tried in other settings, as only the seeds can be changed there: {alone}.",
            "",
            f"Without a table, as no setting gave other lines: {same}.",
        ]
    )
