// The list of notions follows what is typed. Without this script its form does the same.
"use strict";

const form = document.getElementById("chercher");
const search = document.getElementById("q");
const count = document.getElementById("compte");
const items = [...document.querySelectorAll("[data-words]")];

// As the server has words: no accents, no capitals, a space for what parts them.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function show() {
  const wanted = fold(search.value).split(" ");
  let found = 0;
  for (const item of items) {
    item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
    if (!item.hidden) found += 1;
  }
  for (const group of [...document.querySelectorAll("[data-group]")].reverse()) {
    group.hidden = !group.querySelector("[data-words]:not([hidden])");
  }
  for (const link of document.querySelectorAll(".letters a")) {
    link.parentElement.hidden = document.querySelector(link.hash).parentElement.hidden;
  }
  document.getElementById("aucune").hidden = found > 0;
  const text = `${found} ${found > 1 ? count.dataset.many : count.dataset.one}`;
  if (count.textContent !== text) count.textContent = text;
}

// A page that came with words sought holds those alone: the whole list is elsewhere.
if (!new URLSearchParams(location.search).get("q")) {
  search.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  if (search.value) show(); // what the browser put back
}
