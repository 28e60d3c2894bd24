// The chat in a frame of another site's page: what it tells that page, and does for it. See docs/fr/integrer.md.
(function () {
  const { assistant } = window;
  if (!('framed' in document.documentElement.dataset)) return;
  const read = (name) => document.querySelector(`meta[name="assistant-${name}"]`)?.content || '';
  // The server found this site allowed: messages go to it alone, and are heard from it alone.
  const site = read('site');
  const tell = (type, detail) => { if (site) assistant.tell_host({ assistant: type, ...detail }, site); };

  // Sent with the connection: the site that the conversation counts for. storage.js keeps a frame's storage in memory.
  localStorage.setItem('userEnv', JSON.stringify({ site: read('seal') }));

  // Nothing is left in the browser of someone else's visitor: no cookie either.
  const stock = window.fetch;
  window.fetch = (input, options) =>
    String(input?.url || input).endsWith('/set-session-cookie')
      ? Promise.resolve(new Response('{}', { headers: { 'Content-Type': 'application/json' } }))
      : stock(input, options);

  // Chainlit takes the focus to its field as it loads: not from someone who reads or writes in the page around.
  const take = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function (options) {
    if (document.hasFocus()) take.call(this, options);
  };

  document.addEventListener('assistant-host', (event) => {
    const { origin, told } = event.detail;
    if (!site || origin !== site) return;
    if (told.assistant === 'focus') (document.getElementById('chat-input') || assistant.early_field).focus();
    if (told.assistant === 'ask' && typeof told.question === 'string' && told.question.trim()) assistant.ask(told.question.trim());
  });
  document.addEventListener('assistant-answered', (event) => {
    const { kind, abstained, citations, sheets } = event.detail;
    tell('answered', { kind, abstained, citations, sheets });
  });
  document.addEventListener('assistant-cited', (event) => tell('cited', event.detail));

  // Escape leaves the frame, unless something stands open in it.
  document.addEventListener('keydown', (event) => {
    const open = document.querySelector('dialog[open], [role=dialog], [role=menu], [role=listbox], .sheet-card');
    if (event.key === 'Escape' && !event.defaultPrevented && !open) tell('close');
  });

  // Chainlit's header would take the room of two lines of an answer: its button for a new conversation stands in the bar
  // of filters, and gets the focus back when the dialog that it opens is left.
  // In a tab of its own the conversation goes on: that page reads it here (tab.js).
  const beside = () => `/chat/?${new URLSearchParams([...assistant.filters(), ['lang', assistant.language]])}`;
  const tab = assistant.make('a', { class: 'own-tab', href: beside(), target: '_blank', rel: 'opener' }, assistant.words.own_tab);
  assistant.on_filters(() => { tab.href = beside(); });
  let asked_anew = false;
  const renew = () => {
    asked_anew = true;
    document.getElementById('new-chat-button').click();
  };
  const anew = assistant.make('button', { type: 'button', class: 'new-chat', 'aria-haspopup': 'dialog', click: renew }, assistant.words.new_chat);
  assistant.on_change(() => {
    const bar = document.querySelector('.filter-bar');
    if (bar && anew.parentElement !== bar) bar.append(anew);
    const place = document.getElementById('welcome-screen') ? bar : document.querySelector('.chat-footer');
    if (place && tab.parentElement !== place) place.append(tab);
    if (!asked_anew || document.getElementById('new-chat-dialog')) return;
    asked_anew = false;
    if (document.activeElement === document.body) anew.focus();
  });

  tell('shown');
  let told_ready = false;
  assistant.on_change(() => {
    if (told_ready || !document.getElementById('chat-input')) return;
    told_ready = true;
    tell('ready');
  });
})();
