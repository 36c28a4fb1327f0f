/** The theme opens its drawers by labels that no key reaches: with a script they become buttons. */

export function wireDrawers(root = document) {
  let opener = null; // the button to which the focus goes back
  for (const label of root.querySelectorAll('header label[for="__navigation"], label.toc-overlay-icon[for="__toc"]')) {
    const box = root.getElementById(label.htmlFor);
    const button = root.createElement("button");
    button.type = "button";
    button.className = `${label.className} drawer`;
    button.setAttribute("aria-label", box.id === "__toc" ? "On this page" : "Lessons and search");
    button.append(...label.childNodes);
    label.replaceWith(button);
    const tell = () => button.setAttribute("aria-expanded", String(box.checked));
    const drawer = root.querySelector(box.id === "__toc" ? ".toc-drawer" : ".sidebar-drawer");
    button.addEventListener("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change"));
      if (!box.checked) return;
      opener = button;
      const seen = link => link.getClientRects().length > 0;
      requestAnimationFrame(() => [...drawer.querySelectorAll("a")].find(seen)?.focus({preventScroll: true}));
    });
    box.addEventListener("change", tell);
    tell();
  }
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    for (const box of root.querySelectorAll(".sidebar-toggle:checked")) {
      box.checked = false;
      box.dispatchEvent(new Event("change"));
      opener?.focus();
    }
  });
}
