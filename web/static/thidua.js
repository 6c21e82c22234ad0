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

// A page that is made for paper offers to print itself.
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
