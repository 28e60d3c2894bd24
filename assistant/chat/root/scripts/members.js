// Members in the chat: who reads, and the token by which a host site vouches for its member.
(function () {
  const OURS = 'assistant:key';
  let key = null;

  // messages.js lets no other page than the one around reach us, and no other than this one send a key to the server.
  document.addEventListener('assistant-host', (event) => {
    if (event.detail.told.type === 'assistant:token') exchange(event.detail);
  });

  async function exchange({ told, origin }) {
    const body = JSON.stringify({ token: String(told.token || ''), origin });
    const answer = await fetch('/api/members/vouch', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    if (!answer.ok) return;
    const given = await answer.json();
    key = given.key;
    bind();
    show({ name: given.name, bound: true });
  }

  // The conversation may begin anew on the server, after a cut: it is told again who asks when someone writes.
  function bind() {
    if (key) window.postMessage({ type: OURS, key }, window.location.origin);
  }
  document.addEventListener('focusin', (event) => {
    if (event.target.id !== 'chat-input') return;
    bind();
    ask();
  });

  const { words, language, framed } = window.assistant;
  let state; // not known yet
  async function ask() {
    const headers = key ? { Authorization: `Bearer ${key}` } : {};
    const answer = await fetch('/api/members/me', { headers });
    if (answer.status === 401) key = null; // the access has ended
    const { member } = answer.ok ? await answer.json() : { member: null };
    show(member && { ...member, bound: key !== null });
  }
  function show(member) {
    state = member;
    draw();
  }

  function link(href, text) {
    const made = document.createElement('a');
    Object.assign(made, { href, textContent: text });
    if (framed) Object.assign(made, { target: '_blank', rel: 'noopener' });
    return made;
  }
  function draw() {
    const composer = document.getElementById('message-composer');
    if (state === undefined || !composer || document.querySelector('.reader-line')?.dataset.for === JSON.stringify(state)) return;
    document.querySelector('.reader-line')?.remove();
    const line = document.createElement('p');
    line.className = 'reader-line';
    line.lang = language;
    line.dataset.for = JSON.stringify(state);
    if (state) {
      line.append(words.reading(state.name));
      if (!state.bound) line.append(' – ', link('/mes-conversations', words.conversations), ' – ', link('/deconnexion', words.sign_out));
    } else {
      const [before, sign_in, after] = words.visitor;
      line.append(before, link('/connexion?suite=/chat/', sign_in), after);
    }
    composer.insertAdjacentElement('afterend', line);
  }

  document.addEventListener('DOMContentLoaded', () => {
    ask();
    new MutationObserver(draw).observe(document.body, { childList: true, subtree: true });
  });
})();
