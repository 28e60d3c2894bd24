// A conversation stays for the life of its tab: a page that is loaded again, or come back to, finds it. A visitor's answers come
// sealed from the server, which shows them again as they were; a member's conversation is the server's, and goes by its name.
(function () {
  const { assistant } = window;
  const PLACE = 'assistant-tab';
  const MOST = 20; // exchanges
  const LONGEST = 100000; // characters, of the message that gives them back
  const PATIENCE = 15000; // ms
  const asked = new URLSearchParams(location.search);
  take_over();
  let kept = asked.get('kept') || asked.get('conversation') ? null : read();
  let settle = null;
  // What asks a question by itself waits for this: what was said before comes first.
  assistant.restored = kept ? new Promise((done) => { settle = done; }) : Promise.resolve();

  // Opened from the frame of a site: what was said there goes on here.
  function take_over() {
    try {
      if (!window.opener?.assistant?.framed) return;
      const said = window.opener.assistant.tab.getItem(PLACE);
      window.opener = null;
      if (said && !assistant.tab.getItem(PLACE)) assistant.tab.setItem(PLACE, said);
    } catch { /* a page of another site */ }
  }
  function read() {
    try {
      const found = JSON.parse(assistant.tab.getItem(PLACE));
      return found?.conversation || found?.turns?.length ? found : null;
    } catch {
      return null;
    }
  }
  function write(found) {
    try {
      if (found) assistant.tab.setItem(PLACE, JSON.stringify(found));
      else assistant.tab.removeItem(PLACE);
    } catch { /* full: it is forgotten with the page */ }
  }
  function fitting(sealed) {
    let length = 0;
    const start = sealed.findLastIndex((each) => { length += each.length; return length > LONGEST; }) + 1;
    return Math.max(start, sealed.length - MOST);
  }

  document.addEventListener('assistant-kept', ({ detail: { number, turn, kept: given } }) => {
    if (!given?.conversation && !given?.sealed) return write(null);
    if (given.conversation) return write({ conversation: given.conversation });
    const before = read() || {};
    const turns = [...(before.turns || []).slice(0, number), turn];
    const sealed = [...(before.sealed || []).slice(0, number), given.sealed];
    return write({ turns, sealed });
  });
  document.addEventListener('assistant-started', () => {
    if (assistant.turns().length) return; // the same conversation, after a cut
    const wanted = kept;
    kept = null;
    if (!wanted) {
      write(null); // a new conversation
      return;
    }
    if (wanted.conversation) {
      window.postMessage({ assistant: 'conversation', id: wanted.conversation, quiet: true }, location.origin);
    } else {
      const start = fitting(wanted.sealed);
      const [turns, sealed] = [wanted.turns.slice(start), wanted.sealed.slice(start)];
      write({ turns, sealed });
      assistant.know(turns);
      window.postMessage({ assistant: 'restore', sealed }, location.origin);
    }
    setTimeout(settle, PATIENCE);
  });
  document.addEventListener('assistant-restored', () => settle?.());
  // Whoever is a member no longer gets a conversation of then neither.
  document.addEventListener('assistant-reader', ({ detail }) => {
    if (!detail && !kept && read()?.conversation) write(null);
  });
})();
