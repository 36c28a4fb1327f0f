"""A lesson in JupyterLab, from its address in the terminal until its first cell has run."""

import time
from pathlib import Path

from waits import Terminal, seconds

LESSON = r"(http://(?:localhost|127\.0\.0\.1):\d+/lab/tree/\S+\?token=\w+)"
LONGEST = 900_000  # milliseconds for one step
PROMPTS = "[...document.querySelectorAll('.jp-InputPrompt')].map(p => p.textContent.trim())"
QUESTION = ".jp-OutputArea-output:has-text('Which of them gets more than 90')"


def opened(
    browser, terminal: Terminal, pictures: Path, name: str, *, film: bool = True
) -> list[tuple[str, float]]:
    """Open the lesson that a terminal names and run its first cells; return what was when.

    Args:
        browser: opens it.
        terminal: runs a command that opens JupyterLab.
        pictures: where to leave one of each step.
        name: what their names begin with.
        film: whether to go on from the first question to the first film, which trains for minutes.
    """
    told, address = terminal.until(LESSON)
    begun = time.perf_counter()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(LONGEST)
    steps = [("JupyterLab names its address", told)]

    def step(words: str) -> None:
        steps.append((words, told + time.perf_counter() - begun))
        page.screenshot(path=pictures / f"{name}-{len(steps) - 1}.png")

    page.goto(address[1])
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell:has-text('Four kinds of network')")
    step("the lesson can be read")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    steps.append(("its kernel is ready", told + time.perf_counter() - begun))
    page.locator(".jp-NotebookPanel .jp-Cell").first.click()
    for _ in range(3):  # the words, the hidden cell, the question
        page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"{PROMPTS}.includes('[2]:') && !{PROMPTS}.includes('[*]:')")
    page.locator(QUESTION).first.wait_for()
    step("**the first question is asked**")
    if film:
        page.keyboard.press("Shift+Enter")  # the words between
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(f"{PROMPTS}.includes('[3]:') && !{PROMPTS}.includes('[*]:')")
        step("the first film is there")
    page.close()
    return steps


def rows(steps: list[tuple[str, float]], terminal: Terminal) -> list[tuple[str, str]]:
    """Return the lines of a way's table, the longest silence of its terminal last."""
    longest, before = terminal.silence(dict(steps)["JupyterLab names its address"])
    silent = f"longest time without a sign, after “{before[:70]}”"
    return [*((words, seconds(at)) for words, at in steps), (silent, seconds(longest))]
