// The page of the widget: what is chosen shows at once, and is copied. Without this script a button does the first.
"use strict";

const form = document.getElementById("options");
const status = document.getElementById("copie");
const served = form.cloneNode(true);
served.reset();
let latest = 0;
let written = read(served); // the options that the snippet shown says

function read(fields) {
  return String(new URLSearchParams(new FormData(fields)));
}

function show_copies() {
  document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
}

async function follow() {
  const options = read(form);
  if (options === written) return;
  const turn = ++latest;
  const address = `${form.action}?${options}`;
  written = options;
  try {
    const answer = await fetch(address);
    if (answer.redirected) return location.reload(); // signed out meanwhile
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    for (const id of ["extrait", "apercu"]) {
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    }
    history.replaceState(null, "", address);
    show_copies();
  } catch {
    written = null;
    status.textContent = "Le serveur ne répond pas.";
  }
}

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = "Copié.";
  } catch {
    // Browsers keep the clipboard to secure addresses.
    field.select();
    status.textContent = "Sélectionné : copiez avec Ctrl+C.";
  }
}

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(follow, 300);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(document.getElementById(button.dataset.copy));
});
show_copies();
// Someone may have written before this script ran, and browsers put back what was written before leaving the page.
follow();
window.addEventListener("pageshow", follow);
