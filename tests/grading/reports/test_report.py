"""The reports say what was found, obey nothing that a learner wrote, and can be read by all."""

import base64
import hashlib
import itertools
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.checks.registry import task, tasks
from relukit.errors import InvalidValueError
from relukit.figures.canvas import PALETTE
from relukit.grading.names import readable, slug
from relukit.grading.reports.report import LOST_PROMISES, NOT_SCORED, left_over, write_reports
from relukit.grading.result import GRADER_ERROR, STATUSES, TOO_BUSY, UNSCORED, Result

LESSON = "02_definitions"
WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
VOID = {"meta", "link", "br", "hr", "img", "input"}
TEXTS = ("given", "expected", "got", "because", "diagnosis", "note", "file")
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></code></dd></title><h1>",
    "&lt;b&gt; &amp; &#60;",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% include 'x' %}",
    "<!-- ]]> -->",
    "\u202e\u2066\u200b\ufeff\x00\x1b[31m\x85\u2028\udc80\uffff",
    "x" * 50_000,
)


class Page(HTMLParser):
    """Collects the elements with their attributes, and the words; complains of broken nesting."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.open = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    @property
    def shape(self):
        """The elements, and the names of their attributes."""
        return [(tag, tuple(sorted(attributes))) for tag, attributes in self.elements]

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


def result(student="ada", task="relu", status="wrong", **more):
    return Result(student, LESSON, task, status, 2, **{"jail": "bwrap", "seed": 7, **more})


def write(folder, entries, jail="bwrap", **options):
    return write_reports(entries, folder, jail=jail, when=WHEN, **options)


def pages(folder, entries, student="ada", **options):
    """Return the student's page, the student's text and the class page."""
    page = write(folder, entries, **options)
    name = folder / "students" / slug(student)
    html, text = (name.with_name(f"{name.name}.{kind}").read_text() for kind in ("html", "txt"))
    return Page(html), text, Page(page.read_text())


def test_a_report_has_all_that_was_found(tmp_path):
    said = {name: f"the {name} text" for name in TEXTS}
    page, text, everybody = pages(tmp_path, [result(**said)])
    for form in (page.text, text):
        assert all(words in form for words in said.values())
        assert task("relu").title in form
        assert "wrong: 0 of 2 points" in form
        assert all(hint in form for hint in task("relu").hints)
        assert "Report for ada" in form
        assert "Total: 0 of 2 points" in form
        assert "2026-03-01 12:30+00:00" in form
        assert "in a jail (bwrap)" in form
        assert re.search(r"seed.* 7\.", form, re.IGNORECASE)
    assert "it behaves like a known mistake: the diagnosis text (1×)" in everybody.text
    assert "0 of 1 (0 %)" in everybody.text


@pytest.mark.parametrize("status", [*STATUSES, *UNSCORED])
def test_each_status_is_said_in_words(tmp_path, status):
    page, text, everybody = pages(tmp_path, [result(status=status)])
    assert f"{status}: " in page.text
    assert f"{status}: " in text
    assert status in UNSCORED or status in everybody.text


def test_hints_are_for_tasks_that_did_not_pass(tmp_path):
    entries = [result(status="passed", diagnosis="well done"), result(task="hinge_weights")]
    page, text, _ = pages(tmp_path, entries)
    for form in (page.text, text):
        assert task("relu").hints[0] not in form
        assert task("hinge_weights").hints[0] in form
        assert re.search("remark:? well done", form)
    assert len(page.all("details")) == 1


def test_a_fault_of_the_grader_is_not_the_students(tmp_path):
    entries = [result(status=GRADER_ERROR, because="secret trace"), result("bob")]
    page, text, everybody = pages(tmp_path, entries)
    for form in (page.text, text):
        assert NOT_SCORED[GRADER_ERROR] in form
        assert "secret trace" not in form
        assert "not scored, of 2 points" in form
    assert "The grader failed 1 time " in everybody.text
    assert everybody.text.index("secret trace") < everybody.text.index(LESSON + " The rectifier")
    assert "- of 2" in everybody.text
    assert "0 of 1 (0 %)" in everybody.text  # bob's


def test_what_the_machine_was_too_busy_for_took_no_points(tmp_path):
    entries = [result(status=TOO_BUSY, because="it waited for 9.0"), result("bob")]
    page, text, everybody = pages(tmp_path, entries)
    for form in (page.text, text):
        assert "Not graded yet: the machine was too busy; no points were taken." in form
        assert "not scored, of 2 points" in form
    assert "The grader failed" not in everybody.text
    assert "The machine was too busy for 1 answer " in everybody.text
    assert "Grade again when the machine is quieter" in everybody.text
    assert everybody.text.index("waited for 9.0") < everybody.text.index(LESSON + " The rectifier")
    assert "- of 2" in everybody.text
    assert "0 of 1 (0 %)" in everybody.text  # bob's


def test_without_a_jail_the_promises_that_are_off_are_named(tmp_path):
    for form in pages(tmp_path, [result(jail="none")], jail="none"):
        text = form if isinstance(form, str) else form.text
        assert all(sentence in text for sentence in LOST_PROMISES)
        assert "without a jail" in text
    for form in pages(tmp_path, [result(jail="none")], jail="none", lost_promises=("All.",)):
        assert "All." in (form if isinstance(form, str) else form.text)


def test_in_a_jail_no_promise_is_off(tmp_path):
    entries = [result(), result(task="hinge_weights", status="missing", jail="none")]
    for form in pages(tmp_path, entries):
        text = form if isinstance(form, str) else form.text
        assert "without a jail" not in text
        assert LOST_PROMISES[0] not in text


def test_answers_that_ran_without_a_jail_in_an_earlier_run_are_told(tmp_path):
    entries = [result(), result(task="hinge_weights", jail="none"), result("bob")]
    page, text, everybody = pages(tmp_path, entries)
    for form in (page.text, text, everybody.text):
        assert "in part without a jail" in form
        assert LOST_PROMISES[0] in form
    bob = Page((tmp_path / "students" / "bob.html").read_text())
    assert "in a jail (bwrap)" in bob.text
    assert LOST_PROMISES[0] not in bob.text


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (("v1", "v1"), "in a jail (bwrap), each student in a cgroup"),
        (("", ""), "in a jail (bwrap), without cgroups"),
        (("v2", ""), "in a jail (bwrap), in part without cgroups"),
    ],
)
def test_it_is_told_whether_answers_ran_in_cgroups(tmp_path, groups, said):
    entries = [
        result(cgroup=groups[0]),
        result(task="hinge_weights", cgroup=groups[1]),
        result(task="step", status="missing"),
    ]
    page, text, everybody = pages(tmp_path, entries)
    for form in (page.text, text, everybody.text):
        assert said in " ".join(form.split())


def test_another_jail_is_refused(tmp_path):
    with pytest.raises(InvalidValueError, match="bwrap, none"):
        write_reports([], tmp_path, jail="maybe")


def filled(text, student):
    statuses = [*STATUSES[:8], GRADER_ERROR]
    entries = [entry for entry in tasks() if entry.lesson != LESSON][: len(statuses)]
    return [
        replace(
            result(student, entry.name, status, **dict.fromkeys(TEXTS, text)), lesson=entry.lesson
        )
        for entry, status in zip(entries, statuses, strict=True)
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the pages that harmless words give."""
    return pages(tmp_path_factory.mktemp("plain"), filled("words", "somebody"), "somebody")


def check_obedience(plain, folder, text, student):
    page, lines, everybody = pages(folder, filled(text, student), student)
    assert page.shape == plain[0].shape
    assert everybody.shape == plain[2].shape
    assert lines.count("\n") == plain[1].count("\n")
    for form in (lines, *page.words, *everybody.words):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", form)
    if readable(text):
        assert " ".join(readable(text).split()) in page.text


@pytest.mark.parametrize(
    "text", NASTY, ids=lambda text: text[:12].encode("unicode_escape").decode()
)
def test_a_learners_words_are_shown_and_make_no_markup(plain, tmp_path, text):
    check_obedience(plain, tmp_path, text, text[:60])


@given(st.text(st.characters(exclude_categories=()), min_size=1), st.text(min_size=1))
@settings(deadline=None, max_examples=12)
def test_no_text_makes_markup(plain, tmp_path_factory, text, student):
    text = f"a{text}z"  # an empty value has no row
    check_obedience(plain, tmp_path_factory.mktemp("report"), text, student)


def test_scripts_forms_and_other_hosts_are_forbidden(tmp_path):
    write(tmp_path, [result()])
    for path in tmp_path.rglob("*.html"):
        html = path.read_text()
        page = Page(html)
        (policy,) = [m["content"] for m in page.all("meta") if "http-equiv" in m]
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
        code = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert f"'sha256-{code}'" in policy
        assert "unsafe" not in policy
        assert not page.all("script") + page.all("iframe") + page.all("form") + page.all("link")
        names = {name for _, attributes in page.elements for name in attributes}
        assert not {name for name in names if name.startswith("on")} | names & {"style", "src"}
        assert all(
            re.fullmatch(r"#[\w-]+|students/[\w.-]+\.html", a["href"]) for a in page.all("a")
        )


def test_pages_can_be_read_without_seeing_them(tmp_path):
    entries = [result(s, t.name) for s in ("ada", "bob") for t in tasks(LESSON)]
    write(tmp_path, [*entries, result("eve", status=GRADER_ERROR)], jail="none")
    for path in tmp_path.rglob("*.html"):
        page = Page(path.read_text())
        assert page.all("html") == [{"lang": "en"}]
        assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
        assert len(page.all("caption")) == len(page.all("table")) > 0
        assert {th.get("scope") for th in page.all("th")} == {"row", "col"}
        assert all(s.get("aria-hidden") or s.get("aria-label") for s in page.all("svg"))
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        labelled = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
        assert labelled <= set(ids)
        assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)


def test_the_class_page_links_each_report(tmp_path):
    students = ["ada", "Ada", "../x", "\u738b", "<b>"]
    page = write(tmp_path, [result(name) for name in students])
    links = [a["href"] for a in Page(page.read_text()).all("a") if "/" in a["href"]]
    assert len(set(links)) == len(students)
    assert all((tmp_path / link).is_file() for link in links)
    assert len(list((tmp_path / "students").iterdir())) == 2 * len(students)


def test_the_bars_are_the_shares_in_the_houses_colours(tmp_path):
    statuses = ["passed", "passed", "wrong", "raised", "missing"]
    entries = [result(f"s{i}", status=status) for i, status in enumerate(statuses)]
    page = Page(write(tmp_path, entries).read_text())
    bars = [r for r in page.all("rect") if r["width"].endswith("%")]
    assert [(b["x"], b["width"]) for b in bars] == [
        ("0.000%", "40.000%"),
        ("40.000%", "20.000%"),
        ("60.000%", "20.000%"),
        ("80.000%", "20.000%"),
    ]
    assert [b["stroke"] for b in bars] == [
        PALETTE[name] for name in ("blue", "vermilion", "pink", "grey")
    ]
    assert len({b["fill"] for b in bars}) == 4  # a pattern each: colour is not all
    (alt,) = [s["aria-label"] for s in page.all("svg") if "aria-label" in s]
    assert "40% (relu) to 40% (relu) of the students passed" in alt


def test_an_empty_class_has_a_page(tmp_path):
    assert "0 students, 0 lessons" in Page(write(tmp_path, []).read_text()).text


def test_a_class_of_the_graders_faults_alone_has_a_page(tmp_path):
    page = Page(write(tmp_path, [result(status=GRADER_ERROR)]).read_text())
    labels = [s["aria-label"] for s in page.all("svg") if "aria-label" in s]
    assert "nothing was graded" in labels[0]


def test_the_same_results_give_the_same_files(tmp_path):
    entries = [result(s, t.name) for s in ("ada", "bob") for t in tasks(LESSON)]
    write(tmp_path / "a", entries)
    write(tmp_path / "b", reversed(entries))
    for path in (tmp_path / "a").rglob("*.*"):
        other = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == other.read_bytes()


def test_a_task_that_the_course_does_not_know_has_a_row(tmp_path):
    for form in pages(tmp_path, [result(task="own", because="why")]):
        assert "own" in (form if isinstance(form, str) else form.text)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_browser_runs_nothing_and_shows_all_at_any_width(tmp_path):
    from playwright.sync_api import sync_playwright

    students = [text[:100] for text in NASTY]
    entries = [
        result(student, entry.name, "wrong", **{name: NASTY[i % 10] for name in TEXTS})
        for student in students
        for i, entry in enumerate(tasks(LESSON))
    ]
    write(tmp_path, entries, jail="none")
    seen = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for width, scheme in ((1280, "light"), (400, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
            page.on("console", lambda message: seen.append(message.text))
            page.on("request", lambda request: seen.append(request.url))
            names = [f"students/{slug(student)}.html" for student in students[:2]]
            for path in [tmp_path / name for name in ("class.html", *names)]:
                page.goto(path.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                body = "getComputedStyle(document.body).backgroundColor"
                dark = page.evaluate(body) == "rgb(17, 17, 17)"
                assert dark == (scheme == "dark")
        browser.close()
    assert [entry for entry in seen if not entry.startswith("file:")] == []


def test_pages_of_an_earlier_run_are_found_and_kept(tmp_path):
    both = [Result(name, LESSON, "relu", "passed", 2) for name in ("ada", "Bob B")]
    write_reports(both, tmp_path, jail="none", when=WHEN)
    assert left_over(both, tmp_path) == ()
    assert left_over(both[:1], tmp_path) == (f"{slug('Bob B')}.html",)
    assert len(list((tmp_path / "students").glob("*.html"))) == 2
