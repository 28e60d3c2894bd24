// Members in the chat: who reads, and the token by which a host site vouches for its member.
(function () {
  const FROM_HOST = 'assistant:token';
  const OURS = 'assistant:key';
  let key = null;

  // Chainlit hands the server whatever any page sends to this window: only the page that frames the chat may send a
  // token, and only this page the key that it was exchanged for.
  window.addEventListener('message', (event) => {
    const type = event.data && event.data.type;
    if (type === OURS && event.source === window) return;
    if (type !== FROM_HOST && type !== OURS) return;
    event.stopImmediatePropagation();
    if (type === FROM_HOST && window.parent !== window && event.source === window.parent) exchange(event);
  }, true);

  async function exchange(event) {
    const body = JSON.stringify({ token: String(event.data.token || ''), origin: event.origin });
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
    if (event.target.id === 'chat-input') bind();
  });

  const framed = window.parent !== window;
  const { words, language } = window.assistant;
  let state = null;
  async function ask() {
    const answer = await fetch('/api/members/me');
    if (answer.ok && !key) show(await answer.json().then(({ member }) => member));
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
    if (!composer || document.querySelector('.reader-line')?.dataset.for === JSON.stringify(state)) return;
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
