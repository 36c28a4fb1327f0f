"""A page that holds pieces of the site alone: their HTML, the scripts as modules, their styles."""

import json
from pathlib import Path

from relu_site.lean import lean

SITE = Path(__file__).parents[2] / "site"
ORIGIN = "http://course.test"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
# what the site's own style sheet gives: light, and dark
COLOURS = {
    "light": "--on:#0072b2;--off:#c24e00;--ink:#1c2733;--paper:#ffffff;--faint:#eef2f5;"
    "--panel:#f6f8fa;--line:#d5dde4;--accent:#005f99",
    "dark": "--on:#56b4e9;--off:#ff9a4d;--ink:#e4eaf0;--paper:#14181d;--faint:#222932;"
    "--panel:#1a2027;--line:#3a4653;--accent:#7cc4f5",
}
WIRED = """
import {wirePredictions} from "/scripts/predictions.js";
import {wireCalibration} from "/scripts/calibration.js";
import {wireExplorers} from "/scripts/explorers.js";
wirePredictions();
wireCalibration();
wireExplorers();
window.ready = true;
"""


def html(body, *, scheme="light", script=True):
    """Return a whole page around some HTML."""
    wired = f'<script type="module">{WIRED}</script>' if script else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>:root{{{COLOURS[scheme]};color-scheme:{scheme}}}"
        "body{font:16px/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
        "margin:0 auto;max-width:46rem;padding:1rem}</style>"
        f'<link rel="stylesheet" href="/static/parts.css"></head><body><main><h1>A page</h1>'
        f"{body}</main>{wired}</body></html>"
    )


def opened(browser, body, *, width=800, height=900, scheme="light", script=True):
    """Return a page of the browser that shows some HTML; its errors are raised by `checked`."""
    page = browser.new_page(viewport={"width": width, "height": height}, java_script_enabled=script)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))

    def served(route):
        name = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        path = SITE / name.lstrip("/")
        if name == "/":
            route.fulfill(body=html(body, scheme=scheme, script=script), content_type="text/html")
        elif path.suffix == ".js":
            route.fulfill(body=lean(path.read_text("utf-8")), content_type=TYPES[".js"])
        elif path.is_file():
            route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])
        else:
            page.errors.append(f"nothing at {route.request.url}")
            route.fulfill(status=404)

    page.route("**/*", served)
    page.goto(f"{ORIGIN}/")
    if script:
        page.wait_for_function("window.ready")
    return page


def called(page, module, name, *arguments):
    """Return what an exported function of a script gives for plain data."""
    given = ", ".join(json.dumps(one) for one in arguments)
    return page.evaluate(f"import('/scripts/{module}.js').then(m => m.{name}({given}))")


def wider_than_the_page(page):
    """Return what reaches beyond the right edge of the window."""
    return page.evaluate(
        """() => [...document.querySelectorAll("main *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest("pre"))
        .map(e => e.outerHTML.slice(0, 120))"""
    )
