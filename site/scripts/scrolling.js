/** Code and tables that are wider than the page can be reached, and so scrolled, by keyboard. */

export function wireScrolling(root = document) {
  const watch = new ResizeObserver(entries => {
    for (const {target} of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of root.querySelectorAll("pre, .table, div.table-wrapper, div.math, .math-wide")) watch.observe(box);
}
