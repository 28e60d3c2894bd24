// The address keeps the filters of the conversation and the language; it goes to the server with each question.
// "?porteur=PV&annee=2019&lang=fr", with the names of the list of the sheets; "?question=…" and "?sheet=12" ask at once.
(function () {
  const { assistant } = window;
  const KEYS = ['porteur', 'demarche', 'thematique', 'annee', 'source', 'departement', 'region'];
  const start = new URLSearchParams(location.search);
  const filters = new URLSearchParams([...start].filter(([key]) => KEYS.includes(key)));
  const listeners = [];

  function write() {
    const pairs = [...filters, ...(assistant.forced ? [['lang', assistant.forced]] : [])];
    const search = new URLSearchParams(pairs).toString();
    const path = search ? `${location.pathname}?${search}` : location.pathname;
    if (path !== location.pathname + location.search) history.replaceState(history.state, '', path);
  }

  assistant.filters = () => [...filters];
  assistant.on_filters = (listener) => listeners.push(listener);
  assistant.set_filters = (pairs) => {
    [...new Set(filters.keys())].forEach((key) => filters.delete(key));
    pairs.forEach(([key, value]) => filters.append(key, value));
    write();
    // For questions that do not bring the address with them: those that are edited.
    window.postMessage({ assistant: 'address', address: location.href }, location.origin);
    listeners.forEach((listener) => listener());
  };
  // A new conversation starts without filters, and Chainlit's own way there forgets the rest of the address.
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('#new-chat-dialog #confirm')) assistant.set_filters([]);
  });
  assistant.on_change(write);

  async function ask_about(id) {
    const answer = await fetch(`/api/sheets/${encodeURIComponent(id)}`);
    if (answer.ok) assistant.ask(assistant.words.about_sheet((await answer.json()).title));
  }
  // The address forgets them: reloading asks nothing again.
  const question = (start.get('question') || '').trim();
  if (question) assistant.ask(question);
  else if (start.get('sheet')) ask_about(start.get('sheet'));
})();
