// The list of sheets follows what is typed and chosen. Without this script its form and its links do the same.
"use strict";

const form = document.getElementById("selection");
const search = document.getElementById("q");
const filters = document.getElementById("filtres");
const narrow = matchMedia("(max-width: 59.99rem)");
let waiting = 0;
let request = new AbortController();

function written() {
  const kept = [...new FormData(form)].filter(([, value]) => value !== "");
  return `/fiches?${new URLSearchParams(kept)}`;
}

// The page at an address takes the place of what is shown, without moving the focus of whoever types.
async function show(address, { history: how = "push", typing = false } = {}) {
  clearTimeout(waiting);
  request.abort();
  request = new AbortController();
  const results = document.getElementById("resultats");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: request.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("resultats");
    if (how === "push" && found.dataset.address !== results.dataset.address) history.pushState(null, "", found.dataset.address);
    if (how === "replace") history.replaceState(null, "", found.dataset.address);
    results.replaceWith(found);
    document.title = page.title;
    follow(page, typing);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

// Choices, counts and order as the new page has them; each stays the same element, so that the focus stays.
function follow(page, typing) {
  for (const input of form.querySelectorAll("fieldset input")) {
    const other = page.getElementById(input.id);
    if (!other) continue;
    input.checked = other.checked;
    input.closest(".choice").className = other.closest(".choice").className;
    input.labels[0].innerHTML = other.labels[0].innerHTML;
  }
  for (const id of ["kept", "tri"]) document.getElementById(id).innerHTML = page.getElementById(id).innerHTML;
  if (!typing) search.value = page.getElementById("q").value;
  const count = document.getElementById("compte");
  const text = page.getElementById("compte").textContent;
  if (count.textContent !== text) count.textContent = text;
}

search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(written(), { history: "replace", typing: true }), 300);
});
form.addEventListener("change", (event) => {
  if (event.target !== search) show(written());
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(written(), { typing: true });
});
form.addEventListener("click", async (event) => {
  const link = event.target.closest("#resultats a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const wanted = new URL(link.href.baseVal ?? link.href, location);
  if (wanted.pathname !== "/fiches" || wanted.origin !== location.origin) return;
  event.preventDefault();
  const turned = Boolean(link.closest(".pages"));
  await show(wanted.pathname + wanted.search);
  // What was pressed is no more: the focus goes to the same place in the new list, or to what it says first.
  const again = (link.id && document.getElementById(link.id)) || document.getElementById("compte");
  again.focus({ preventScroll: !turned });
});
addEventListener("popstate", () => show(location.pathname + location.search, { history: "none" }));

form.classList.add("live");
filters.open = !narrow.matches;
narrow.addEventListener("change", () => { filters.open = !narrow.matches; });
