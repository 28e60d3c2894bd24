// Runs before Chainlit's own script (both are deferred, this one stands first).
(function () {
  // In a frame whose storage the browser blocks, localStorage throws and Chainlit would show a blank page.
  function memory() {
    const items = new Map();
    return {
      getItem: (key) => (items.has(key) ? items.get(key) : null),
      setItem: (key, value) => void items.set(key, String(value)),
      removeItem: (key) => void items.delete(key),
      clear: () => items.clear(),
      key: (position) => [...items.keys()][position] ?? null,
      get length() { return items.size; },
    };
  }
  for (const name of ['localStorage', 'sessionStorage']) {
    try { window[name].getItem('probe'); } catch {
      Object.defineProperty(window, name, { value: memory(), configurable: true });
    }
  }

  // A mark "[2]" in an answer opens the source of the same number: the list of sources of that answer listens.
  // It may not be there yet when someone is quick: the mark is then opened as soon as the list is.
  let unopened = null;
  window.addEventListener('sources-ready', () => {
    if (unopened) window.dispatchEvent(new CustomEvent('open-citation', { detail: unopened }));
  });
  document.addEventListener('click', (event) => {
    const mark = event.target.closest && event.target.closest('a[href^="#citation-"]');
    if (!mark) return;
    event.preventDefault();
    const detail = { n: Number(mark.hash.slice('#citation-'.length)), message: mark.closest('[data-step-type]') };
    unopened = detail;
    opener = { step: detail.message?.getAttribute('data-step-id') || detail.message?.id, href: mark.getAttribute('href') };
    window.dispatchEvent(new CustomEvent('open-citation', { detail }));
  }, true);
  window.addEventListener('citation-opened', () => { unopened = null; });

  // The focus follows the sheet: to its title when it opens beside the chat, back to the mark when it is closed.
  // React draws the marks anew meanwhile, so the mark is found again by its message and its number.
  let opener = null;
  let was_open = false;
  function follow_focus() {
    const title = document.getElementById('side-view-title');
    const is_open = document.querySelector('.sheet-card') !== null;
    if (is_open && !was_open && opener && title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
    if (!is_open && was_open && opener && document.activeElement === document.body) {
      const messages = [...document.querySelectorAll('[data-step-type="assistant_message"]')];
      const message = messages.find((each) => (each.getAttribute('data-step-id') || each.id) === opener.step);
      (message || messages.at(-1))?.querySelector(`a[href="${opener.href}"]`)?.focus();
      opener = null;
    }
    was_open = is_open;
  }

  // Names that Chainlit leaves out of its buttons, for those who do not see the icons.
  const NAMES = {
    'chat-submit': 'Envoyer la question', 'stop-button': 'Arrêter la réponse', 'new-chat-button': 'Nouvelle conversation',
    'theme-toggle': "Changer l'apparence", 'sidebar-trigger-button': 'Historique', 'side-view-title': null,
  };
  const ICONS = {
    'lucide-copy': 'Copier le message', 'lucide-arrow-left': 'Fermer la fiche', 'lucide-x': 'Fermer',
    'lucide-arrow-down': 'Aller au dernier message',
  };
  function name_controls() {
    for (const [id, name] of Object.entries(NAMES)) {
      const control = document.getElementById(id);
      if (name && control && !control.hasAttribute('aria-label')) control.setAttribute('aria-label', name);
    }
    document.querySelectorAll('button:not([aria-label])').forEach((button) => {
      if (button.textContent.trim() === 'Close') button.setAttribute('aria-label', 'Fermer');
      if (button.innerText.trim()) return;
      const icon = button.querySelector('svg');
      const found = Object.keys(ICONS).find((key) => icon && icon.getAttribute('class')?.includes(key));
      if (found) button.setAttribute('aria-label', ICONS[found]);
    });
    const input = document.getElementById('chat-input');
    if (input && !input.hasAttribute('aria-label')) input.setAttribute('aria-label', 'Votre question');
    const first = document.querySelector('[data-step-type]');
    const list = first && first.parentElement;
    if (list && !list.hasAttribute('role')) {
      list.setAttribute('role', 'log');
      list.setAttribute('aria-label', 'Conversation');
    }
  }

  // "/chat/?question=…", from the home page or a sheet, asks this question. Chainlit fills its field from "prompt" by
  // itself; it is sent as soon as the connection is there, and the address forgets it: reloading asks nothing again.
  const asked = new URLSearchParams(location.search).get('question');
  if (asked && asked.trim()) {
    history.replaceState(null, '', `${location.pathname}?${new URLSearchParams({ prompt: asked })}`);
    // On a slow machine the button may be there before it acts: it is pressed until the question is seen. Once it is
    // sent the field is empty and the button off, so that it is never sent twice.
    const sending = setInterval(() => {
      if (document.querySelector('[data-step-type=user_message]')) {
        clearInterval(sending);
        history.replaceState(null, '', location.pathname);
        return;
      }
      const button = document.getElementById('chat-submit');
      if (button && !button.disabled) button.click();
    }, 100);
    // Whoever touches the question first is left to send it.
    addEventListener('keydown', () => clearInterval(sending), { once: true, capture: true });
  }

  let waiting = false;
  function name_soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; name_controls(); follow_focus(); });
  }
  addEventListener('DOMContentLoaded', () => {
    name_soon();
    new MutationObserver(name_soon).observe(document.body, { subtree: true, childList: true });
  });
})();

// "/chat/?conversation=…" takes up a conversation that a member had before: the page asks the server for it until it is
// shown, since what is said before the connection is there is lost. The server knows whose it is.
(function () {
  const wanted = new URLSearchParams(location.search).get('conversation');
  if (!wanted) return;
  let tries = 0;
  const asking = setInterval(() => {
    tries += 1;
    if (document.querySelector('[data-step-type]') || tries > 100) {
      clearInterval(asking);
      history.replaceState(null, '', location.pathname);
      return;
    }
    const ready = document.getElementById('chat-input');
    if (ready) window.postMessage({ assistant: 'conversation', id: wanted }, location.origin);
  }, 300);
})();
