/** The ledger's table: sorted by its heads, filtered by words, verdict, lesson and document. */

/** Whether a claim's row passes the filter; every word of `q` must occur. */
export function fits(row, {q = "", verdict = "", lesson = "", said = "", anew = ""}) {
  return (!verdict || row.verdict === verdict) && (!lesson || row.lesson === lesson) &&
    (!said || row.said.split(" | ").includes(said)) && (!anew || row.anew === anew) &&
    q.toLowerCase().split(/\s+/).every(word => row.text.includes(word));
}

export function wireLedger(root = document) {
  const table = root.querySelector("table.ledger"), form = root.querySelector(".ledger-filter");
  if (!table) return;
  const verdicts = table.dataset.verdicts.split("|");
  const rows = [...table.tBodies[0].rows].map((element, place) => ({
    element, place, verdict: element.dataset.verdict, lesson: element.dataset.lesson,
    said: element.dataset.said, anew: element.dataset.anew, id: element.id,
    claim: element.querySelector(".claim").textContent.toLowerCase(),
    text: element.textContent.toLowerCase(),
  }));
  const count = form.querySelector(".ledger-count");
  form.hidden = false;
  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    let shown = 0;
    for (const row of rows) shown += !(row.element.hidden = !fits(row, wanted));
    count.textContent = shown === rows.length ? `${shown} claims` : `${shown} of ${rows.length} claims`;
    const query = new URLSearchParams(Object.entries(wanted).filter(([, v]) => v)).toString();
    try {
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    } catch { /* a file:// page may not */ }
  }
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of asked) if (form.elements[name]) form.elements[name].value = value;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  const key = name => row => name === "verdict" ? verdicts.indexOf(row.verdict) : row[name];
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const of = key(head.dataset.key);
      rows.sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a.place - b.place) * (up ? 1 : -1));
      table.tBodies[0].append(...rows.map(row => row.element));
    });
  }
  function arrive() {
    const row = rows.find(r => `#${r.id}` === location.hash);
    if (!row) return;
    if (row.element.hidden) { form.reset(); filter(); }
    row.element.querySelector("details").open = true;
    row.element.scrollIntoView({block: "start", behavior: "instant"});
  }
  addEventListener("hashchange", arrive);
  filter();
  arrive();
}
