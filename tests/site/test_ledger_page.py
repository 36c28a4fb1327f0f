"""The ledger's page has every claim with all that settles it, and is filtered and sorted."""

import pytest
from bs4 import BeautifulSoup

from relukit.ledger import claims
from relukit.ledger.replication import reach

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def rows(site) -> dict:
    table = BeautifulSoup(site.html("ledger.html"), "html.parser").select_one("table.ledger")
    return {row["id"]: row for row in table.tbody.find_all("tr", recursive=False)}


def test_every_claim_has_its_sources_its_bounds_its_measurement_and_its_literature(rows):
    assert list(rows) == [claim.id for claim in claims()]
    for claim in claims():
        row = rows[claim.id]
        told = {
            name.get_text(): name.find_next_sibling("dd").get_text() for name in row.dl("dt")
        }  # fmt: skip
        assert row.select_one(".badge").get_text() == claim.verdict
        for saying in claim.said_by:
            assert saying.source.revision in told["said by"]
            assert saying.where in told["said by"]
        if claim.experiment:
            assert all(
                f"{bound:g}" in told["stated before"] for d in claim.holds for _, bound in d.bounds
            )
            measured = [
                item.get_text()
                for item in row.dl.find("dt", string="measured").find_next("ul")("li")
            ]
            assert len(measured) >= len(claim.holds), claim.id
        else:
            assert claim.document in told["stated before"]
        assert len(told["literature"].split("\n")) >= bool(claim.references)


def test_what_was_measured_elsewhere_is_a_row_for_each_setting(rows):
    for claim in claims():
        table = rows[claim.id].select_one("table.replication")
        found = reach(claim)
        assert bool(table) == bool(found)
        if found:
            shown = {row.th.get_text(): row.td.get_text() for row in table.tbody("tr")}
            assert shown == found.found
            assert found.made in table.caption.get_text()


@pytest.fixture
def page(browser, site):
    page = browser.new_page()
    page.goto(f"{site.folder.as_uri()}/ledger.html")
    yield page
    page.close()


def test_it_is_filtered_by_verdict_and_words_and_says_how_many_are_left(page):
    wrong = [claim.id for claim in claims(verdict="wrong")]
    page.select_option("select[name=verdict]", "wrong")
    assert (
        page.locator("table.ledger > tbody > tr:visible").evaluate_all("r => r.map(e => e.id)")
        == wrong
    )
    assert page.locator(".ledger-count").inner_text() == f"{len(wrong)} of {len(claims())} claims"
    page.fill("input[name=q]", "hahnloser")
    assert page.locator("#hahnloser-first").is_visible()
    page.select_option("select[name=verdict]", "")
    page.fill("input[name=q]", "")
    page.select_option("select[name=anew]", "yes")
    carried = sum(reach(claim) is not None for claim in claims())
    assert page.locator("table.ledger > tbody > tr:visible").count() == carried


def test_it_is_sorted_by_its_heads_from_the_keyboard(page):
    head = page.locator("table.ledger > thead th").nth(1)
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    texts = page.locator("table.ledger .claim").all_inner_texts()
    assert texts == sorted(texts, key=str.lower)
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"


def test_an_address_opens_its_claim_even_where_a_filter_would_hide_it(page, site):
    page.goto(f"{site.folder.as_uri()}/ledger.html?verdict=wrong#half-linear")
    row = page.locator("#half-linear")
    assert row.is_visible()
    assert row.locator("dl").is_visible()
