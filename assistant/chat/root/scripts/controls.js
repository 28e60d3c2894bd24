// What Chainlit leaves out for those who do not see the icons, use the keyboard, or read a wide table on a small screen.
(function () {
  const { words, language, make, on_change } = window.assistant;
  const BY_ID = { 'chat-submit': words.send, 'stop-button': words.stop, 'new-chat-button': words.new_chat, 'theme-toggle': words.theme };
  const BY_ICON = {
    'lucide-copy': words.copy, 'lucide-arrow-left': words.close_sheet, 'lucide-x': words.close, 'lucide-arrow-down': words.to_last,
  };

  function name(control, text) {
    if (control && !control.hasAttribute('aria-label')) control.setAttribute('aria-label', text);
  }
  function name_controls() {
    // The button that sends becomes the one that stops: its name changes with it.
    for (const [id, text] of Object.entries(BY_ID)) document.getElementById(id)?.setAttribute('aria-label', text);
    const hidden = document.querySelector('#theme-toggle .sr-only');
    if (hidden && hidden.textContent !== words.theme) hidden.textContent = words.theme;
    name(document.getElementById('chat-input'), words.input);
    name(document.getElementById('edit-chat-input'), words.edited);
    document.querySelectorAll('.edit-message').forEach((button) => name(button, words.edit));
    document.querySelectorAll('[data-panel-resize-handle-id]').forEach((handle) => name(handle, words.resize));
    document.querySelectorAll('button:not([aria-label])').forEach((button) => {
      if (button.textContent.trim() === 'Close') name(button, words.close);
      if (button.innerText.trim()) return;
      const icon = button.querySelector('svg')?.getAttribute('class') || '';
      const found = Object.keys(BY_ICON).find((key) => icon.includes(key));
      if (found) name(button, BY_ICON[found]);
    });
  }
  // The list of messages is a log that is not read out as it is written: announcing.js tells each answer once.
  function name_conversation() {
    const list = document.querySelector('[data-step-type]')?.parentElement;
    if (list && !list.hasAttribute('role')) {
      list.setAttribute('role', 'log');
      list.setAttribute('aria-live', 'off');
      list.setAttribute('aria-label', words.conversation);
    }
  }
  // Landmarks and a title, so that one finds one's way by them. Paragraphs of answers are no articles, pictures that say
  // nothing are not told, and the bar beside a sheet does not point at what is not there.
  const title = make('h1', { class: 'for-ears' });
  function mend_markup() {
    document.getElementById('header')?.setAttribute('role', 'banner');
    const main = document.querySelector('[data-panel-group]');
    main?.setAttribute('role', 'main');
    // A sheet stands beside the conversation on a large screen, over it on a small one: named by its title in both.
    const sheet = document.getElementById('side-view-title')?.closest('aside, [role=dialog]');
    if (sheet?.tagName === 'ASIDE') sheet.setAttribute('role', 'region');
    sheet?.setAttribute('aria-labelledby', 'side-view-title');
    // Written again it would be a change of the page, after which this is called again: in each frame, for ever.
    if (title.textContent !== document.title) title.textContent = document.title;
    if (document.querySelector('h1:not(.for-ears)')) title.remove();
    else if (main && title.parentElement !== main) main.prepend(title);
    document.querySelectorAll('[role=separator][aria-controls]').forEach((bar) => {
      if (!document.getElementById(bar.getAttribute('aria-controls'))) bar.removeAttribute('aria-controls');
    });
    document.querySelectorAll('.prose [role="article"]').forEach((paragraph) => paragraph.removeAttribute('role'));
    document.querySelectorAll('#welcome-screen img:not([alt]), img[alt^="Avatar for"]').forEach((image) => image.setAttribute('alt', ''));
  }
  // A table that is wider than the screen is scrolled with the keyboard too, and says that it can be.
  function open_tables() {
    document.querySelectorAll('[data-step-type] table').forEach((table) => {
      const box = table.parentElement;
      const is_wide = box.scrollWidth > box.clientWidth + 1;
      if (is_wide === (box.getAttribute('role') === 'region')) return;
      if (is_wide) {
        for (const [key, value] of Object.entries({ role: 'region', tabindex: '0', 'aria-label': words.table })) box.setAttribute(key, value);
        box.parentElement.dataset.hint = words.scroll;
      } else {
        for (const key of ['role', 'tabindex', 'aria-label']) box.removeAttribute(key);
        delete box.parentElement.dataset.hint;
      }
    });
  }
  // On a phone a comparison is stacked (chat.css): each cell says of which practice it is, and stays a cell to the ear.
  const ROLES = { TABLE: 'table', THEAD: 'rowgroup', TBODY: 'rowgroup', TR: 'row', TH: 'columnheader', TD: 'cell' };
  function label_cells() {
    document.querySelectorAll('[data-step-type] table').forEach((table) => {
      const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent);
      if (heads.length < 3) return;
      [table, ...table.querySelectorAll('thead, tbody, tr, th, td')].forEach((part) => part.setAttribute('role', ROLES[part.tagName]));
      table.querySelectorAll('tbody tr').forEach((row) => [...row.cells].forEach((cell, at) => { cell.dataset.label = heads[at]; }));
    });
  }
  // Answers and sheets are French in an English page.
  function mark_french() {
    if (language === 'fr') return;
    document.querySelectorAll('[data-step-type=assistant_message]:has(.inline-custom) .prose').forEach((text) => { text.lang = 'fr'; });
    const title = document.getElementById('side-view-title');
    if (title && document.querySelector('.sheet-card')) title.lang = 'fr';
    title?.querySelectorAll('button').forEach((button) => { button.lang = language; });
  }
  // From the chat one gets back to the site; a frame has the site around it.
  const home = make('a', { href: '/', class: 'home' }, words.home);
  function lead_home() {
    const button = document.getElementById('new-chat-button') || document.querySelector('#header button');
    if (button && !home.isConnected) button.parentElement.prepend(home);
  }
  on_change(() => { lead_home(); name_controls(); name_conversation(); mend_markup(); label_cells(); open_tables(); mark_french(); });
  addEventListener('resize', () => window.assistant.changed());

  // The dialog of a new conversation swallows every key, Tab included, and confirms on Enter whichever button has the focus.
  addEventListener('keydown', (event) => {
    if (event.target.closest?.('#new-chat-dialog') && event.key !== 'Escape') event.stopPropagation();
  }, true);
})();
