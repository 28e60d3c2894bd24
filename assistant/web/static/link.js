// Whoever made a link may remove it: its key stands in this browser (chat/root/public/elements/TakeAway.jsx).
"use strict";

const PLACE = "assistant-links"; // id -> [key, end]
const form = document.getElementById("supprimer");

function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) || {};
  } catch {
    return {};
  }
}

const key = form && read()[form.dataset.link]?.[0];
if (key) {
  form.elements.key.value = key;
  form.hidden = false;
}
