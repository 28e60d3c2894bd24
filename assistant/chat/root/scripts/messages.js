// The door of this window: what the page and the server tell each other (assistant/chat/page_messages.py), and what the page
// around a frame tells. Chainlit hands what the server tells to the window around, whoever that is, and hands to the server
// whatever reaches this window: here nothing leaves, and only our own messages go to the server.
(function () {
  const { assistant } = window;
  const host = window.parent;
  const TO_SERVER = ['address', 'conversation', 'resume', 'restore'];
  const MOST = 20; // turns that a question is understood with
  let session = null;
  let turns = [];

  // "parent" is replaceable: Chainlit now speaks to this window.
  window.parent = window;
  assistant.framed = host !== window;
  assistant.tell_host = (told, origin) => host.postMessage(told, origin);

  function say_resumed() {
    const note = document.createElement('p');
    note.className = 'resumed';
    note.setAttribute('role', 'status');
    document.body.append(note);
    // A live region is read when it changes, not when it appears.
    setTimeout(() => { note.textContent = assistant.words.resumed; }, 100);
    setTimeout(() => note.remove(), 8000);
  }

  function start(told) {
    // The same session started anew: the server was restarted, and has forgotten what was said.
    const forgotten = told.session === session && turns.length > 0;
    session = told.session;
    turns = forgotten ? turns.slice(-MOST) : [];
    if (!forgotten) return;
    window.postMessage({ assistant: 'resume', turns }, location.origin);
    say_resumed();
  }

  assistant.turns = () => turns;
  // Before the first question: these turns came before it.
  assistant.take_up = (before) => {
    turns = before.slice(-MOST);
    if (turns.length) window.postMessage({ assistant: 'resume', turns }, location.origin);
  };

  // A page that was loaded anew knows again what was said: the server is told otherwise (tab.js).
  assistant.know = (before) => { turns = before; };

  function show(name, detail) {
    document.dispatchEvent(new CustomEvent(`assistant-${name}`, { detail }));
  }

  // Listeners of a window are called in their order, captures included: this one stands first.
  window.addEventListener('message', (event) => {
    const told = event.data && typeof event.data === 'object' ? event.data : {};
    const from_us = event.source === window && event.origin === location.origin;
    if (from_us && (TO_SERVER.includes(told.assistant) || told.type === 'assistant:key')) return;
    event.stopImmediatePropagation();
    if (assistant.framed && event.source === host) show('host', { origin: event.origin, told });
    if (!from_us) return;
    if (told.assistant === 'started') {
      start(told);
      show('started');
    }
    if (told.assistant === 'bound') show('bound');
    if (told.assistant === 'answered') {
      turns = [...turns.slice(0, told.number), told.turn];
      show('kept', { number: told.number, turn: told.turn, kept: told.kept });
      show('answered', told.answer);
    }
    if (told.assistant === 'restored') show('restored');
    if (told.assistant === 'cited') show('cited', { sheet: told.sheet });
  });
})();
