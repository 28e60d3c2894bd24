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
    await bind();
    show({ name: given.name, bound: true });
  }

  // The server is told who asks until it says that it knows: what is told before the connection is there is lost. The
  // conversation may begin anew on the server, after a cut: it is then told again.
  let known = false;
  async function bind() {
    known = false;
    for (let tries = 0; key && !known && tries < 50; tries += 1) {
      window.postMessage({ type: OURS, key }, window.location.origin);
      await new Promise((done) => setTimeout(done, 300));
    }
  }
  document.addEventListener('assistant-bound', () => { known = true; });
  document.addEventListener('assistant-started', bind);
  document.addEventListener('focusin', (event) => {
    if (event.target.id === 'chat-input') ask();
  });
  document.addEventListener('visibilitychange', () => ask()); // back from the tab of signing in

  const { words, language, framed } = window.assistant;
  let state; // not known yet
  async function ask() {
    const given = key || (invitation?.taken && invitation.key);
    const headers = given ? { Authorization: `Bearer ${given}` } : {};
    const answer = await fetch('/api/members/me', { headers });
    if (answer.status === 401) key = null; // the access has ended, or was not given yet
    const { member } = answer.ok ? await answer.json() : { member: null };
    if (member && given && !key) {
      key = given;
      await bind();
    }
    show(member && { ...member, bound: key !== null });
  }

  // In a frame our cookie is not sent: this page makes a key, of which the page of signing in is told the hash alone,
  // with the first signs shown on both pages. Once the member has confirmed there, the key opens a session.
  let invitation = null;
  async function invite() {
    const coded = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    const made = coded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(made)));
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    invitation = { key: made, address: `/relier?demande=${hash}`, code: hash.slice(0, 4).toUpperCase() };
  }
  function show(member) {
    state = member;
    document.dispatchEvent(new CustomEvent('assistant-reader', { detail: member }));
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
      const address = invitation ? invitation.address : '/connexion?suite=/chat/';
      const way = link(address, sign_in);
      const why = document.createElement('span');
      Object.assign(why, { className: 'why', textContent: after });
      const compared = document.createElement('span'); // who has not pressed has nothing to compare
      compared.setAttribute('role', 'status');
      const tell = () => { if (invitation?.taken) compared.textContent = words.to_compare(invitation.code); };
      for (const kind of ['click', 'auxclick']) way.addEventListener(kind, () => { if (invitation) invitation.taken = true; tell(); });
      tell();
      line.append(before, way, why, compared);
    }
    composer.insertAdjacentElement('afterend', line);
  }

  document.addEventListener('DOMContentLoaded', async () => {
    if (framed && window.crypto.subtle) await invite(); // absent without https
    ask();
    new MutationObserver(draw).observe(document.body, { childList: true, subtree: true });
  });
})();
