// A little on top of pages that work without it. Each part looks for its own mark and does nothing without one.
"use strict";

// After a refusal the reasons are read first.
document.getElementById("refused")?.focus();

// Rows that hold every typed word stay: <input data-filters="id of a table body or list">.
for (const box of document.querySelectorAll("[data-filters]")) {
  const rows = [...document.getElementById(box.dataset.filters).children];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  box.addEventListener("input", () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    rows.forEach((row, n) => { row.hidden = !words.every((word) => texts[n].includes(word)); });
  });
}

// Rows of a spreadsheet pasted into a line for one name go to the field for whole lists: data-pastes-to="its id".
for (const line of document.querySelectorAll("[data-pastes-to]")) {
  line.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    const list = document.getElementById(line.dataset.pastesTo);
    list.value = [list.value.trim(), text.trim()].filter(Boolean).join("\n");
    list.focus();
  });
}

// Lists by keyboard: j and k go down and up, x ticks; Enter opens the link that has the focus. Not while something is typed,
// and not for who turned letters off in the look of pages.
const letters = document.documentElement.dataset.letters !== "off";
const listed = document.querySelector("[data-keys]");
const typing = (at) => at.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
for (const hint of document.querySelectorAll(letters ? ".keys, [data-key] kbd, [data-ticks]" : "[data-ticks]")) hint.hidden = false;
document.addEventListener("keydown", (event) => {
  if (!letters || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (named) { event.preventDefault(); named.click(); return; }
  if (!listed || !"jkx".includes(event.key) || event.key.length !== 1) return;
  const rows = [...listed.children].filter((row) => !row.hidden);
  const here = rows.indexOf(document.activeElement.closest("[data-keys] > *"));
  event.preventDefault();
  if (event.key === "x") { rows[here]?.querySelector("input[type=checkbox]")?.click(); return; }
  const next = rows[event.key === "j" ? Math.min(here + 1, rows.length - 1) : Math.max(here - 1, 0)];
  next?.querySelector("a")?.focus();
});
for (const all of document.querySelectorAll("[data-ticks]")) {
  all.addEventListener("change", () => {
    for (const box of document.getElementById(all.dataset.ticks).querySelectorAll("input[type=checkbox]")) box.checked = all.checked;
  });
}

// A hash is copied by a button beside it: <… data-copy="words" data-copied="words">.
for (const hash of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet copy";
  button.textContent = hash.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(hash.textContent.trim());
    button.textContent = hash.dataset.copied;
  });
  hash.after(" ", button);
}

// What is long comes open, <details open data-folds>, and is folded where the screen is small; not on paper, and not
// where the address points into it.
const folds = [...document.querySelectorAll("details[data-folds]")];
const meant = () => document.getElementById(location.hash.slice(1));
if (matchMedia("(max-width: 40rem)").matches) for (const fold of folds) fold.open = fold.contains(meant());
window.addEventListener("hashchange", () => { for (const fold of folds) if (fold.contains(meant())) { fold.open = true; meant().scrollIntoView(); } });
window.addEventListener("beforeprint", () => { for (const fold of folds) fold.open = true; });

// A page that is made for paper offers to print itself.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A score sheet: <form data-sums> with inputs data-points="their group"; sums as they are typed, Enter goes to the next item.
for (const sheet of document.querySelectorAll("form[data-sums]")) {
  const fields = [...sheet.querySelectorAll("[data-points]")];
  const hundredths = (text) => {
    const found = /^\s*(\d{1,6})(?:[.,](\d{1,2}))?\s*$/.exec(text);
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : 0;
  };
  const said = (points) => String(points / 100).replace(".", document.documentElement.lang === "vi" ? "," : ".");
  const add = () => {
    let total = 0;
    for (const sum of sheet.querySelectorAll("[data-sum]")) {
      const mine = fields.filter((field) => field.dataset.points === sum.dataset.sum);
      const points = Math.min(mine.reduce((so, field) => so + hundredths(field.value), 0), hundredths(sum.dataset.most));
      total += sum.dataset.sign === "-" ? -points : points;
      sum.textContent = `${sum.dataset.words} ${said(points)}`;
    }
    for (const field of fields) field.classList.toggle("beyond", hundredths(field.value) > hundredths(field.dataset.most));
    const whole = sheet.querySelector("[data-total]");
    whole.hidden = false;
    whole.firstElementChild.textContent = `${whole.dataset.words} ${said(Math.max(total, 0))}`;
  };
  sheet.addEventListener("input", add);
  sheet.addEventListener("keydown", (event) => {
    const here = fields.indexOf(event.target);
    if (event.key !== "Enter" || here < 0) return;
    event.preventDefault();
    const next = fields[here + 1] || sheet.querySelector("button:not([type=button])");
    next.focus();
    next.select?.();
  });
  add();
}

// A table of cells with links is walked through by the arrow keys: <table data-grid>.
for (const grid of document.querySelectorAll("table[data-grid]")) {
  grid.addEventListener("keydown", (event) => {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const cell = event.target.closest("td, th");
    if (!way || !cell) return;
    let [row, column] = [cell.parentElement.rowIndex, cell.cellIndex];
    for (;;) {
      row += way[0];
      column += way[1];
      const next = grid.rows[row]?.cells[column];
      if (!next) return;
      const link = next.querySelector("a");
      if (link) { event.preventDefault(); link.focus(); return; }
    }
  });
}
