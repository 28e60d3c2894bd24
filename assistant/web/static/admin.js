// Live progress of a reindexing. Without this script the page reloads itself.
"use strict";

const place = document.querySelector("[data-run]");
const write = (id, text) => {
  const element = document.getElementById(id);
  // A live region is read again at each writing.
  if (element.textContent !== text) element.textContent = text;
};

function show(run) {
  const bar = document.getElementById("progress");
  bar.max = run.total || 1;
  if (run.total) bar.value = run.done;
  else bar.removeAttribute("value");
  write("step", run.step || "Démarrage");
  const numbers = new Intl.NumberFormat("fr-FR");
  write("done", run.total ? `${numbers.format(run.done)} sur ${numbers.format(run.total)}` : "");
  write("left", run.left ? `Reste ${run.left} pour cette étape` : "");
}

function finish() {
  // The reloaded page starts at the conclusion.
  location.hash = "bilan";
  location.reload();
}

async function follow(id) {
  try {
    const answer = await fetch(`/api/admin/runs/${id}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 404) return location.reload();
    const run = await answer.json();
    if (run.status !== "starting" && run.status !== "running") return finish();
    show(run);
  } catch {
    write("left", "Le serveur ne répond pas, nouvel essai…");
  }
  setTimeout(follow, 1000, id);
}

if (place) follow(place.dataset.run);
if (location.hash === "#bilan") document.getElementById("bilan")?.focus();
