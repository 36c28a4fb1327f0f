"""What an explorer adds to the page around it, where ipywidgets leaves a gap (measured in 8.1).

A slider's handle has no accessible name, a drop-down loses the arrow keys to JupyterLab, and both
lose letters such as x, which cuts a cell. The picture's own `onload` mends that in the page.
"""

import html

# An image may be loaded before it is put on the page: it asks again in each of 300 frames.
_WIRE = """
let tries = 0;
const wire = () => {
  const explorer = this.closest('.relukit-explorer');
  if (!explorer) {
    if (++tries < 300) requestAnimationFrame(wire);
    return;
  }
  if (explorer.role) return;
  explorer.role = 'group';
  explorer.ariaLabel = this.dataset.explorer;
  const mend = () => {
    for (const control of explorer.querySelectorAll('.noUi-handle, select, button'))
      control.dataset.lmSuppressShortcuts = 'true';
    for (const slider of explorer.querySelectorAll('.widget-slider')) {
      const [label, handle, readout] = ['.widget-label', '.noUi-handle', '.widget-readout']
        .map(part => slider.querySelector(part));
      if (!handle || !readout) continue;
      handle.ariaLabel = label.textContent;
      handle.ariaValueText = readout.textContent;
      readout.role = 'textbox';
      readout.ariaLabel = label.textContent + ', as a number';
    }
  };
  new MutationObserver(mend).observe(explorer, {childList: true, subtree: true});
  mend();
};
wire();
"""


def image(src: str, *, alt: str, name: str, size: tuple[int, int]) -> str:
    """Return the HTML of an explorer's picture, which names the controls when it is loaded.

    Args:
        src: the address of the image.
        alt: what is seen, in one sentence.
        name: what the explorer is, for the group of its controls.
        size: width and height in pixels; a narrow page shrinks it.

    Example:
        >>> image("a.png", alt="A line.", name="lines", size=(3, 2)).split(" style")[0]
        '<img alt="A line." data-explorer="lines" width="3" height="2"'
    """
    return (
        f'<img alt="{html.escape(alt)}" data-explorer="{html.escape(name)}" '
        f'width="{size[0]}" height="{size[1]}" style="max-width: 100%; height: auto" '
        f'onload="{html.escape(_WIRE)}" src="{html.escape(src)}">'
    )


def status(words: str) -> str:
    """Return the HTML of a line of words that a screen reader speaks whenever it changes.

    Example:
        >>> status("a < b")
        '<p role="status" aria-live="polite" style="margin: 0; line-height: 1.4">a &lt; b</p>'
    """
    style = "margin: 0; line-height: 1.4"
    return f'<p role="status" aria-live="polite" style="{style}">{html.escape(words)}</p>'
