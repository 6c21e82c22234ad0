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
