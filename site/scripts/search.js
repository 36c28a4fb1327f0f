/** The search box answers while the reader types: sections, claims and functions, with excerpts. */

const fold = text => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

/** The records in which every word occurs, the best first. */
export function find(records, query, most = 12) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const starts = words.map(w => new RegExp(`(^|[^a-z0-9])${w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
  const scored = [];
  for (const record of records) {
    const title = record.ft ??= fold(record.t), text = record.fx ??= fold(`${record.p} ${record.x}`);
    let score = 0;
    for (const [i, word] of words.entries()) {
      const inTitle = title.includes(word), inText = text.includes(word);
      if (!inTitle && !inText) { score = 0; break; }
      score += (inTitle ? (starts[i].test(title) ? 8 : 3) : 0) + (inText ? (starts[i].test(text) ? 2 : 0.5) : 0);
    }
    if (score) scored.push([score - Math.log1p(text.length) / 12, record]);
  }
  return scored.sort((a, b) => b[0] - a[0]).slice(0, most).map(([, record]) => record);
}

/** The part of a text around the first of the words. */
export function excerpt(text, query, size = 130) {
  const word = fold(query).split(/\s+/).find(w => w && fold(text).includes(w));
  const at = word ? fold(text).indexOf(word) : 0;
  const from = Math.max(0, at - size / 3);
  return (from ? "\u2026" : "") + text.slice(from, from + size).trim() + (from + size < text.length ? "\u2026" : "");
}

let loading = null;
function records(root) {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${root}_static/search-data.js`;
    script.onload = () => done(window.reluSearch);
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

export function wireSearch(page = document) {
  const form = page.querySelector("form.sidebar-search-container");
  if (!form) return;
  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  const root = document.documentElement.dataset.content_root;
  const input = form.querySelector("input[name=q]");
  const box = document.createElement("div");
  box.className = "found";
  box.hidden = true;
  box.innerHTML = '<p role="status" class="found-count"></p><ul></ul>';
  form.append(box);
  const [count, list] = box.children;
  async function show() {
    const query = input.value.trim();
    box.hidden = query.length < 2;
    if (box.hidden) return;
    const found = find(await records(root), query);
    if (query !== input.value.trim()) return;
    count.textContent = found.length ? `${found.length} found, the best first` : "nothing found";
    list.replaceChildren(...found.map(record => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = root + record.u;
      for (const [name, text] of [["strong", record.t], ["em", record.p], ["span", excerpt(record.x, query)]]) {
        if (!text) continue;
        const part = document.createElement(name);
        part.textContent = text;
        link.append(part);
      }
      item.append(link);
      return item;
    }));
  }
  input.addEventListener("focus", () => records(root));
  input.addEventListener("input", show);
  form.addEventListener("keydown", event => {
    const links = [input, ...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1}[event.key];
    if (event.key === "Escape") { box.hidden = true; input.focus(); }
    if (to === undefined || box.hidden || !links[to]) return;
    event.preventDefault();
    links[to].focus();
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    input.focus();
  });
}
