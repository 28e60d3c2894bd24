// Runs before Chainlit's own script (both are deferred, this one stands first).
(function () {
  // In a frame whose storage the browser blocks, localStorage throws and Chainlit would show a blank page; and in a frame
  // of another site nothing is to be left in the browser.
  const framed = 'framed' in document.documentElement.dataset;
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
    try {
      if (framed) throw new Error(name);
      window[name].getItem('probe');
    } catch {
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
