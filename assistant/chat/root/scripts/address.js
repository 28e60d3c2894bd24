// The address keeps the filters of the conversation and the language; it goes to the server with each question.
// "?porteur=PV&annee=2019&lang=fr", with the names of the list of the sheets; "?question=…" and "?sheet=12" ask at once.
(function () {
  const { assistant } = window;
  const KEYS = ['porteur', 'demarche', 'thematique', 'annee', 'source', 'departement', 'region'];
  const start = new URLSearchParams(location.search);
  const filters = new URLSearchParams([...start].filter(([key]) => KEYS.includes(key)));
  const listeners = [];

  function write(extra = {}) {
    const pairs = [...filters, ...(assistant.forced ? [['lang', assistant.forced]] : []), ...Object.entries(extra)];
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
  assistant.on_change(() => { if (!asking) write(); });

  // Chainlit fills its field from "prompt" by itself. It is sent as soon as the connection is there, and the address
  // forgets it: reloading asks nothing again.
  let asking = false;
  function ask(question) {
    asking = true;
    write({ prompt: question });
    // On a slow machine the button may be there before it acts: it is pressed until the question is seen. Once it is
    // sent the field is empty and the button off, so that it is never sent twice.
    const sending = setInterval(() => {
      if (document.querySelector('[data-step-type=user_message]')) return stop();
      const button = document.getElementById('chat-submit');
      if (button && !button.disabled) button.click();
    }, 100);
    function stop() {
      clearInterval(sending);
      asking = false;
      write();
    }
    // Whoever touches the question first is left to send it.
    addEventListener('keydown', stop, { once: true, capture: true });
  }
  // Chainlit reads the address when it starts, right after this script: the title of the sheet is waited for.
  function name_sheet(id) {
    const request = new XMLHttpRequest();
    request.open('GET', `/api/sheets/${encodeURIComponent(id)}`, false);
    try {
      request.send();
      return request.status === 200 ? JSON.parse(request.responseText).title : '';
    } catch {
      return '';
    }
  }
  const question = (start.get('question') || '').trim();
  const title = !question && start.get('sheet') ? name_sheet(start.get('sheet')) : '';
  if (question || title) ask(question || assistant.words.about_sheet(title));
})();
