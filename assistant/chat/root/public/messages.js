// What the page and the server tell each other (assistant/chat/page_messages.py), before Chainlit's own script.
// Chainlit hands what the server tells to the window around, whoever that is, and hands to the server whatever reaches
// this window: here nothing leaves nor enters but our own messages.
(function () {
  // "parent" is replaceable: Chainlit now speaks to this window. The one around is for framed.js, which knows its site.
  const host = window.parent;
  window.assistantHost = host;
  window.parent = window;

  const MOST = 20; // turns that a question is understood with
  let session = null;
  let turns = [];

  function say_resumed() {
    const english = document.documentElement.lang.startsWith('en');
    const note = document.createElement('p');
    note.className = 'resumed';
    note.setAttribute('role', 'status');
    document.body.append(note);
    // A live region is read when it changes, not when it appears.
    setTimeout(() => {
      note.textContent = english
        ? 'The connection is back: the conversation goes on.'
        : 'La connexion est rétablie : la conversation continue.';
    }, 100);
    setTimeout(() => note.remove(), 8000);
  }

  window.addEventListener('message', (event) => {
    const told = event.data;
    const ours = event.source === window && event.origin === location.origin && told ? told.assistant : null;
    if (ours === 'resume') return; // to the server
    event.stopImmediatePropagation();
    if (event.source === host && host !== window) {
      document.dispatchEvent(new CustomEvent('assistant-host', { detail: { origin: event.origin, told } }));
    }
    if (ours === 'started') {
      // The same session started anew: the server was restarted, and has forgotten what was said.
      const forgotten = told.session === session && turns.length > 0;
      session = told.session;
      turns = forgotten ? turns.slice(-MOST) : [];
      if (forgotten) {
        window.postMessage({ assistant: 'resume', turns }, location.origin);
        say_resumed();
      }
    }
    if (ours === 'answered') {
      turns = [...turns.slice(0, told.number), told.turn];
      document.dispatchEvent(new CustomEvent('assistant-answered', { detail: told.answer }));
    }
    if (ours === 'cited') document.dispatchEvent(new CustomEvent('assistant-cited', { detail: { sheet: told.sheet } }));
  });
})();
