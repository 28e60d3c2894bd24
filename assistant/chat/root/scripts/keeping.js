// A visitor's conversations, kept in this browser alone and only if they agree: their questions and the sheets shown, not the
// answers, which are made again when one is taken up. Neither in a frame of another site, nor for members, whose
// conversations the server keeps for them.
(function () {
  const { words, language, make, framed } = window.assistant;
  if (framed) return;
  const PLACE = 'assistant-conversations'; // there once they agreed
  const MOST = 20; // conversations
  const LONGEST = 90 * 24 * 3600 * 1000; // milliseconds, as for a member by default
  let wanted = new URLSearchParams(location.search).get('kept'); // read now: Chainlit empties the address
  let id = ''; // of the conversation on this page
  let barred = false; // a member reads, or has read, in this page

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(PLACE));
      return Array.isArray(kept) ? kept.filter((each) => each.turns?.length && Date.now() - each.at < LONGEST) : null;
    } catch {
      return null;
    }
  }
  const write = (kept) => localStorage.setItem(PLACE, JSON.stringify(kept.slice(0, MOST)));

  const box = make('input', { type: 'checkbox', change: agree });
  const list = make('ul');
  const help = make('p', {}, words.kept_help);
  const section = make('details', { class: 'kept' }, make('summary', {}, words.kept),
    make('p', {}, make('label', {}, box, ` ${words.keep}`)), help, list);
  window.assistant.kept = section;

  const new_id = () => crypto.getRandomValues(new Uint32Array(2)).join('-');
  function agree() {
    if (box.checked) note([]);
    else localStorage.removeItem(PLACE);
    window.assistant.tell(box.checked ? words.keeping : words.erased);
    draw();
  }
  function note(kept) {
    const turns = window.assistant.turns();
    const others = kept.filter((each) => each.id !== id);
    write(turns.length ? [{ id, at: Date.now(), turns }, ...others] : others);
  }
  function draw() {
    const kept = read();
    box.checked = kept !== null;
    const others = (kept || []).filter((each) => each.id !== id);
    const days = others.length ? new Intl.DateTimeFormat(language, { dateStyle: 'long' }) : null; // made in 70 ms
    list.replaceChildren(...others.map((each) =>
      make('li', {}, make('a', { href: `?kept=${each.id}` }, each.turns[0].query), ` – ${days.format(each.at)}`)));
  }

  document.addEventListener('assistant-answered', () => {
    const kept = read();
    if (kept && !barred) note(kept);
  });
  document.addEventListener('assistant-reader', (event) => {
    barred = barred || event.detail !== null;
    section.hidden = barred;
  });
  // "?kept=…" takes one up: the server is told what came before the last question, which is asked again.
  document.addEventListener('assistant-started', () => {
    if (window.assistant.turns().length) { // the same conversation, after a cut or in a page that was loaded again
      id ||= window.assistant.tab.getItem('assistant-kept') || new_id();
      draw();
      return;
    }
    const found = (read() || []).find((each) => each.id === wanted);
    wanted = null;
    id = found?.id || new_id();
    window.assistant.tab.setItem('assistant-kept', id);
    if (found) {
      window.assistant.take_up(found.turns.slice(0, -1));
      window.assistant.ask(found.turns.at(-1).query);
    }
    draw();
  });
  draw();
})();
