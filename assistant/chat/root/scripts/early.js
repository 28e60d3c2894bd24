// Chainlit's script takes a while to come on a slow line: until it is there one writes here. What is written, and a question
// that is sent, go into its field when it comes; a script that did not come is asked for again.
(function () {
  const { assistant } = window;
  const { words, make } = assistant;
  const MOST = 3; // tries
  const SLOW = 10000; // ms
  const SILENT = 60000; // ms
  let held = false;
  let composing = false;
  let tries = 0;

  const send = (event) => {
    event.preventDefault();
    if (field.value.trim()) hold();
  };
  const on_key = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event);
  };
  const field = make('textarea', { id: 'early-input', rows: 2, 'aria-label': words.input, placeholder: words.write, keydown: on_key });
  const note = make('p', { role: 'status' });
  const form = make('form', { submit: send }, field, make('button', { class: 'main' }, words.send_short));
  const page = make('main', { class: 'early' }, make('h1', {}, document.title), make('p', {}, words.early), form, note);
  field.addEventListener('compositionstart', () => { composing = true; });
  field.addEventListener('compositionend', () => { composing = false; assistant.changed(); });

  function hold() {
    held = true;
    note.textContent = words.held;
  }
  // A question of the address, or of the site around a frame: seen at once.
  assistant.early = (question) => {
    if (!page.isConnected || field.value.trim()) return false;
    field.value = question;
    hold();
    return true;
  };
  assistant.early_field = field;

  function hand_over() {
    const chat = document.getElementById('chat-input');
    if (!chat || composing || !page.isConnected) return;
    clearTimeout(slow);
    clearTimeout(silent);
    const focused = document.activeElement === field;
    const { value, selectionStart, selectionEnd } = field;
    page.remove();
    if (focused) chat.focus();
    if (value.trim()) assistant.write(value, held, selectionStart, selectionEnd);
  }

  function again() {
    clearTimeout(silent);
    silent = setTimeout(retry, SILENT);
    const gone = document.querySelector('script[type=module][src]');
    // Under the same name a script that failed is not asked for again.
    const script = make('script', { type: 'module', src: `${gone.src.split('?')[0]}?${tries}` });
    gone.replaceWith(script);
  }
  function retry() {
    if (!page.isConnected) return;
    tries += 1;
    if (tries > MOST) fail();
    else if (navigator.onLine) setTimeout(again, 1000 * tries);
    else addEventListener('online', again, { once: true });
    if (tries <= MOST) note.textContent = navigator.onLine ? words.slow : words.offline;
  }
  function fail() {
    clearTimeout(slow);
    const anew = () => { tries = 0; note.textContent = words.slow; again(); };
    const simple = make('a', { href: '/reponse' }, words.simple);
    simple.addEventListener('click', () => { simple.href = `/reponse?${new URLSearchParams({ question: field.value })}`; });
    note.replaceChildren(words.broken, ' ', make('button', { type: 'button', click: anew }, words.retry), ' ', simple);
  }

  // The colours that the page will have.
  const chosen = localStorage.getItem('vite-ui-theme');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const scheme = chosen === 'dark' || chosen === 'light' ? chosen : dark ? 'dark' : 'light';
  for (const [name, value] of Object.entries(window.theme?.[scheme] || {})) page.style.setProperty(name, value);

  const slow = setTimeout(() => { if (!held) note.textContent = words.slow; }, SLOW);
  let silent = setTimeout(retry, SILENT);
  addEventListener('error', ({ target }) => { if (target.type === 'module') retry(); }, true);
  document.body.append(page);
  if (!assistant.framed) field.focus();
  assistant.on_change(hand_over);
})();
