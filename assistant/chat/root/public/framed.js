// The chat in a frame of another site's page: what it tells that page, and what it does for it. See docs/fr/integrer.md.
(function () {
  const host = window.assistantHost;
  const read = (name) => document.querySelector(`meta[name="assistant-${name}"]`)?.content || '';
  // The server found this site allowed; messages go to it alone, and come from it alone.
  const site = read('site');
  const tell = (type, detail) => { if (site) host.postMessage({ assistant: type, ...detail }, site); };

  // Sent with the connection: the site that the conversation counts for. chat.js keeps a frame's storage in memory.
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
  const focus = () => document.getElementById('chat-input')?.focus();
  document.addEventListener('assistant-host', (event) => {
    const { origin, told } = event.detail;
    if (!site || origin !== site || !told) return;
    if (told.assistant === 'focus') focus();
    if (told.assistant === 'ask' && typeof told.question === 'string') window.askQuestion(told.question);
  });

  document.addEventListener('assistant-answered', (event) => {
    const { kind, abstained, citations, sheets } = event.detail;
    tell('answered', { kind, abstained, citations, sheets });
  });
  document.addEventListener('assistant-cited', (event) => tell('cited', { sheet: event.detail.sheet }));

  // Escape leaves the frame, unless something stands open in it.
  document.addEventListener('keydown', (event) => {
    const open = document.querySelector('[role=dialog], [role=menu], [role=listbox], .sheet-card');
    if (event.key === 'Escape' && !event.defaultPrevented && !open) tell('close');
  });

  const watch = new MutationObserver(() => {
    if (!document.getElementById('chat-input')) return;
    watch.disconnect();
    tell('ready');
  });
  watch.observe(document, { subtree: true, childList: true });
})();
