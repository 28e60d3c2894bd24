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

// What is said of a field stands beside it, and is read out when it changes.
function show_said(field, page) {
  const said = document.getElementById(field.getAttribute("aria-describedby"));
  const text = page.getElementById(said.id).textContent;
  if (said.textContent !== text) said.textContent = text;
  if (page.getElementById(field.id).hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
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
    for (const field of form.querySelectorAll("[aria-describedby]")) show_said(field, page);
    document.title = page.title;
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
