// What our scripts share: a call after each change of the page, small makers of elements, and what is told aloud.
(function () {
  const { assistant } = window;
  const listeners = [];
  let waiting = false;

  function run_soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; listeners.forEach((listener) => listener()); });
  }

  assistant.on_change = (listener) => listeners.push(listener);
  assistant.changed = run_soon;

  assistant.make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === 'function') element.addEventListener(key, value);
      else if (value !== false && value != null) element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...children);
    return element;
  };

  const status = assistant.make('p', { role: 'status', class: 'for-ears' });
  assistant.tell = (text) => { status.textContent = text; };

  addEventListener('DOMContentLoaded', () => {
    document.body.append(assistant.make('div', { class: 'for-ears-only', role: 'region', 'aria-label': assistant.words.conversation }, status));
    new MutationObserver(run_soon).observe(document.body, { subtree: true, childList: true });
    run_soon();
  });
})();
