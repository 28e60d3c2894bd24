// A mark "[2]" in an answer opens the sentence of the same number: the cards of that answer listen. They may not be there
// yet when someone is quick: the mark is then opened as soon as they are.
(function () {
  let unopened = null;
  let opener = null;
  let was_open = false;

  window.addEventListener('sources-ready', () => {
    if (unopened) window.dispatchEvent(new CustomEvent('open-citation', { detail: unopened }));
  });
  document.addEventListener('click', (event) => {
    const mark = event.target.closest && event.target.closest('a[href^="#citation-"]');
    if (!mark) return;
    event.preventDefault();
    const detail = { n: Number(mark.hash.slice('#citation-'.length)), message: mark.closest('[data-step-type]') };
    unopened = detail;
    remember(detail.message, `a[href="${mark.getAttribute('href')}"]`);
    window.dispatchEvent(new CustomEvent('open-citation', { detail }));
  }, true);
  window.addEventListener('citation-opened', () => { unopened = null; });
  // Cards and places of the map open sheets too.
  document.addEventListener('click', (event) => {
    const control = event.target.closest && event.target.closest('[data-opens]');
    if (control) remember(control.closest('[data-step-type]'), `[data-opens="${CSS.escape(control.dataset.opens)}"]`);
  }, true);

  // The focus follows the sheet: to its title when it opens beside the chat, back to what opened it when it is closed.
  // React draws the page anew meanwhile, so that is found again by its message.
  function remember(message, selector) {
    opener = { step: id_of(message), selector };
  }
  function id_of(message) {
    return message?.querySelector('[id^="step-"]')?.id;
  }
  // Escape closes a sheet beside the chat, as it does one over it.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open], [role=dialog], [role=menu]')) return;
    document.querySelector('.sheet-card') && document.querySelector('#side-view-title button')?.click();
  });
  window.assistant.on_change(() => {
    const title = document.getElementById('side-view-title');
    const is_open = document.querySelector('.sheet-card') !== null;
    if (is_open && !was_open && opener && title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
    if (!is_open && was_open && opener && document.activeElement === document.body) {
      const messages = [...document.querySelectorAll('[data-step-type="assistant_message"]')];
      const message = messages.find((each) => id_of(each) === opener.step);
      (message || messages.at(-1))?.querySelector(opener.selector)?.focus();
      opener = null;
    }
    was_open = is_open;
  });
})();
