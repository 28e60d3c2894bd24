// The assistant on any page: a button or a card, and our chat in a frame once someone opens it. Options, interface and
// policy lines: docs/fr/integrer.md. It depends on nothing, loads nothing before it is opened, and stores nothing.
(() => {
  'use strict';
  const TAG = 'assistant-participation';
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  // Evaluated again, as single-page applications do: the first one does the work.
  const queue = window.AssistantParticipation;
  if (queue && queue.mount) {
    window.AssistantParticipation.mount(script);
    return;
  }
  const BASE = new URL('.', script.src).href;
  const ORIGIN = new URL(BASE).origin;
  const FILTERS = ['porteur', 'demarche', 'thematique', 'annee', 'source', 'departement', 'region'];
  // What an option may be, where not any text: what is wrong counts as not given, and the console says so.
  const RULES = {
    lang: [/^(fr|en)\b|^$/i, 'fr, en'],
    position: [/^(droite|gauche|right|left|)$/, 'droite, gauche'],
    open: [/^(true|open|)$/, 'data-open'],
    keep: [/^(non|no|)$/, 'non, no'],
  };
  const COLORS = '#7a2e5d, rgb(122, 46, 93), hsl(323, 45%, 33%), purple';
  const OPTIONS = ['lang', 'color', 'position', 'label', 'greeting', 'open', 'sheet', 'filters', 'keep', 'scheme', ...FILTERS, 'floating'];
  // The sites that frame this page: browsers ask that each be allowed. Firefox names none.
  const AROUND = [...(location.ancestorOrigins || (window.top === window ? [] : ['?']))].filter((each) => each !== location.origin).join(', ');
  const PATIENCE = 20000; // ms before a frame is said to be slow
  const WORDS = {
    fr: {
      label: 'Poser une question',
      close: 'Fermer',
      hide: 'Masquer ce message',
      tab: 'Ouvrir dans un nouvel onglet',
      loading: 'Chargement de l’assistant…',
      slow: 'Chargement de l’assistant, la connexion est lente…',
      failed: 'L’assistant ne peut pas s’afficher ici.',
      refused: 'Ce site n’est pas autorisé à afficher l’assistant.',
      offline: 'Pas de connexion : nouvel essai dès son retour.',
    },
    en: {
      label: 'Ask a question',
      close: 'Close',
      hide: 'Hide this message',
      tab: 'Open in a new tab',
      loading: 'Loading the assistant…',
      slow: 'Loading the assistant, the connection is slow…',
      failed: 'The assistant cannot be shown here.',
      refused: 'This site is not allowed to show the assistant.',
      offline: 'No connection: it will try again when it is back.',
    },
  };
  const SMALL = '(max-width: 480px), (max-height: 480px)'; // there it fills the screen
  const STYLE = `
:host { all: initial !important; display: block !important; font: 16px/1.5 var(--assistant-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif) !important; --edge: var(--assistant-edge, 16px); --corner: var(--assistant-radius, 12px); }
:host([floating]) { position: fixed !important; z-index: 2147483647 !important; inset: auto var(--edge) var(--edge) auto !important; overflow: visible !important; }
:host([floating][left]) { inset: auto auto var(--edge) var(--edge) !important; }
:host([hidden]) { display: none !important; }
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
button, a { font: inherit; cursor: pointer; min-width: 44px; min-height: 44px; border: 1px solid transparent; border-radius: 22px; }
:focus-visible { outline: 3px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #fff, 0 0 0 7px #fff; }
.root { --paper: #fff; color: #14202f; color-scheme: light; direction: ltr; }
.dark { --paper: #141a24; color: #eaeef3; color-scheme: dark; }
.opener { display: inline-flex; align-items: center; gap: 8px; padding: 8px 18px; font-weight: 600; background-color: var(--back); color: var(--front); }
:host([floating]) .opener { box-shadow: 0 2px 10px #0006; }
:host([floating]) .root { display: flex; flex-direction: column; align-items: flex-end; }
:host([floating][left]) .root { align-items: flex-start; }
:host([floating]) .opener:hover { text-decoration: underline; }
svg { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.greeting, .panel, .card { background: var(--paper); color: inherit; border: 1px solid #8b96a5; border-radius: var(--corner); }
.greeting { display: flex; align-items: start; max-width: min(300px, calc(100vw - 32px)); margin-bottom: 10px; padding: 6px 4px 6px 14px; box-shadow: 0 2px 10px #0004; }
.greeting p { padding: 8px 0; }
.quiet { background: none; color: inherit; display: inline-grid; place-items: center; flex: none; }
.quiet:hover { background: #8885; }
.panel { display: flex; flex-direction: column; overflow: hidden; width: 100%; height: 100%; max-width: none; max-height: none; padding: 0; }
.panel:focus { outline: none; }
:host([floating]) .panel { position: fixed; inset: auto var(--edge) calc(var(--edge) + 60px) auto; width: min(var(--assistant-width, 420px), calc(100vw - 2 * var(--edge))); height: min(var(--assistant-height, 720px), calc(100vh - 2 * var(--edge) - 60px)); box-shadow: 0 6px 30px #0006; }
:host([floating][left]) .panel { inset: auto auto calc(var(--edge) + 60px) var(--edge); }
.head { display: flex; align-items: center; padding-left: 16px; background-color: var(--back); color: var(--front); }
.head p { flex: 1; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.head .quiet { color: inherit; border-radius: 0; }
.body { position: relative; flex: 1; min-height: 0; }
iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; background: var(--paper); color-scheme: normal; }
.note { position: absolute; inset: 0; z-index: 1; padding: 24px; background: var(--paper); pointer-events: none; }
.note a { display: inline-block; padding: 10px 0; color: inherit; pointer-events: auto; }
.card { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 16px; padding: 16px; }
.card p { flex: 1 1 200px; }
:host(:not([floating])) { min-height: 0 !important; }
:host(:not([floating]):not([data-expanded])) { height: auto !important; }
:host([data-expanded]:not([floating])) .root { height: 100%; }
:host([data-expanded]:not([floating])) { height: var(--assistant-height, 640px) !important; }
@media ${SMALL} {
  :host([floating]) .panel, :host([floating][left]) .panel { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  :host([floating]) .panel { animation: rise 0.15s ease-out; }
  @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
}
@media print { :host, :host([floating]) { display: none !important; } }`;

  const SVG = 'http://www.w3.org/2000/svg';
  const SPEECH = 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z';
  const CROSS = 'M6 6l12 12M18 6L6 18';
  const ARROW = 'M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5';

  // Elements are made one by one: a strict policy may forbid HTML from strings.
  function make(name, properties, children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...(children || []));
    return element;
  }

  function icon(path) {
    const svg = document.createElementNS(SVG, 'svg');
    const line = document.createElementNS(SVG, 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  }

  // Black or white, whichever is read better on a colour: at least 4.58 to 1. Nothing for what is no opaque colour.
  // The same rule in Python: assistant/widget/color.py.
  function readable(element) {
    const found = getComputedStyle(element).backgroundColor.match(/^rgb\((\d+), (\d+), (\d+)\)$/);
    if (!found) return '';
    const [r, g, b] = found.slice(1).map((each) => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
  }

  // Where a policy refuses styles in the page, these are not in the page.
  let sheet = null;
  function dress(root) {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
      }
      root.adoptedStyleSheets = [sheet];
    } catch (e) {
      root.append(make('style', { textContent: STYLE })); // Safari before 16.4
    }
  }

  function emit(type, detail) {
    document.dispatchEvent(new CustomEvent(`assistant:${type}`, { detail }));
  }

  const SMALL_SCREEN = matchMedia(SMALL);
  const said = new Set(); // each thing once, however often the page is drawn anew

  class Assistant extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) dress(this.attachShadow({ mode: 'open' }));
      // Over all that the page has, whatever its headers and transforms; where browsers have no such layer, by z-index.
      if (this.floating && this.showPopover) {
        this.popover = 'manual';
        if (!this.matches(':popover-open')) this.showPopover();
      }
      // Moved or put back: a frame starts anew then, whatever we do.
      this.draw();
      this.hear = (event) => this.listen(event);
      this.retry = () => this.frame && !this.ready && !this.shown && this.load();
      this.fits = () => this.fit();
      SMALL_SCREEN.addEventListener('change', this.fits);
      window.addEventListener('message', this.hear);
      window.addEventListener('online', this.retry);
      if (this.option('open') !== null) this.open(false);
    }

    disconnectedCallback() {
      clearTimeout(this.waiting);
      window.removeEventListener('message', this.hear);
      window.removeEventListener('online', this.retry);
      SMALL_SCREEN.removeEventListener('change', this.fits);
    }

    option(name) {
      const own = this.getAttribute(`data-${name}`);
      const value = own === null ? this.getAttribute(name) : own;
      if (value === null || !RULES[name] || RULES[name][0].test(value)) return value;
      this.warn('option', `data-${name}`, value, RULES[name][1]);
      return null;
    }

    // One line in the console, in the language of the page; without the words where the server does not give them.
    async warn(what, ...given) {
      const key = [what, ...given].join();
      if (said.has(key)) return;
      said.add(key);
      const { speech } = this;
      const text = await import(`${BASE}widget-warnings.js`).then(({ WARNINGS }) => WARNINGS[speech][what](...given), () => `${ORIGIN} ? ${key}`);
      console.warn(`Assistant : ${text}`);
    }

    check() {
      for (const { name } of this.attributes) {
        const known = name === 'data-expanded' || name.startsWith('data-v-') || OPTIONS.includes(name.slice(5));
        if (name.startsWith('data-') && !known) this.warn('unknown', name, OPTIONS.map((each) => `data-${each}`).join(', '));
      }
    }

    get floating() {
      return this.hasAttribute('floating');
    }

    // That of the options, else that of the page: the frame is told, so that both speak the same.
    get speech() {
      const around = this.closest('[lang]');
      const lang = this.option('lang') || (around && around.lang) || '';
      return lang.toLowerCase().startsWith('en') ? 'en' : 'fr';
    }

    get words() {
      return WORDS[this.speech];
    }

    // As the option says, else as the page does; where neither does, as whoever reads has chosen: "".
    get scheme() {
      const own = this.option('scheme');
      const around = getComputedStyle(document.documentElement).colorScheme || '';
      if (own) return /sombre|dark/.test(own) ? 'dark' : 'light';
      return /^(only )?(dark|light)( only)?$/.test(around) ? around.match(/dark|light/)[0] : '';
    }

    draw() {
      this.check();
      const words = this.words;
      const label = this.option('label') || words.label;
      this.frame = this.ready = this.shown = this.modal = this.question = null;
      this.toggleAttribute('left', /gauche|left/.test(this.option('position')));
      this.removeAttribute('data-expanded');
      for (const old of this.shadowRoot.querySelectorAll('.root')) old.remove();

      this.opener = make('button', { className: 'opener', type: 'button', onclick: () => this.toggle() }, [icon(SPEECH), label]);
      this.opener.setAttribute('aria-expanded', 'false');
      this.note = make('div', { className: 'note', role: 'status' });
      this.body = make('div', { className: 'body' }, [this.note]);
      const tab = this.tab = make('a', { className: 'quiet', href: this.address(false), target: '_blank', rel: 'noopener', title: words.tab }, [icon(ARROW)]);
      const close = make('button', { className: 'quiet', type: 'button', title: words.close, onclick: () => this.close() }, [icon(CROSS)]);
      tab.setAttribute('aria-label', words.tab);
      close.setAttribute('aria-label', words.close);
      const head = make('div', { className: 'head' }, [make('p', { textContent: label }), tab, close]);
      this.panel = make(this.floating ? 'dialog' : 'div', { className: 'panel', tabIndex: -1, hidden: true, role: this.floating ? 'dialog' : 'region' }, [head, this.body]);
      this.panel.oncancel = (event) => { event.preventDefault(); this.close(); };
      this.panel.setAttribute('aria-label', label);

      const greeting = this.option('greeting');
      const said = greeting ? [make('p', { textContent: greeting })] : [];
      if (this.floating && greeting) {
        const hide = make('button', { className: 'quiet', type: 'button', onclick: () => { this.greeting.hidden = true; this.opener.focus(); } }, [icon(CROSS)]);
        hide.setAttribute('aria-label', words.hide);
        this.greeting = make('div', { className: 'greeting' }, [...said, hide]);
      } else {
        this.greeting = this.floating ? make('div', { hidden: true }) : make('div', { className: 'card' }, [...said, this.opener]);
      }
      const dark = (this.scheme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : '')) === 'dark';
      const root = make('div', { className: dark ? 'root dark' : 'root', lang: this.speech });
      root.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && this.floating) this.close();
      });
      root.append(this.greeting, ...(this.floating ? [this.panel, this.opener] : [this.panel]));
      this.shadowRoot.append(root);
      const paint = (color) => {
        root.style.setProperty('--back', color);
        root.style.setProperty('--front', readable(head));
        return readable(head);
      };
      const color = this.option('color');
      this.color = color && paint(color) && getComputedStyle(head).backgroundColor.match(/\d+/g).join();
      if (this.color) return;
      if (color) this.warn('option', 'data-color', color, COLORS);
      paint('#19345f');
    }

    address(framed) {
      const address = new URL('chat/', BASE);
      if (framed) {
        address.searchParams.set('frame', '1');
        address.searchParams.set('site', location.origin);
        if (first() !== this || this.option('keep')) address.searchParams.set('keep', '0');
        if (this.scheme) address.searchParams.set('scheme', this.scheme);
        if (this.color) address.searchParams.set('color', this.color);
      }
      address.searchParams.set('lang', this.speech);
      if (this.option('sheet')) address.searchParams.set('sheet', this.option('sheet'));
      for (const [key, value] of new URLSearchParams(this.option('filters') || '')) address.searchParams.append(key, value);
      for (const key of FILTERS) {
        for (const value of (this.option(key) || '').split(',')) if (value.trim()) address.searchParams.append(key, value.trim());
      }
      return address.href;
    }

    load(again) {
      if (this.frame) this.frame.remove();
      this.again = again;
      this.ready = this.shown = this.over = this.tab.hidden = false;
      this.say(navigator.onLine === false ? 'offline' : 'loading');
      this.wait(PATIENCE);
      this.frame = make('iframe', { src: this.address(true), title: this.panel.getAttribute('aria-label'), allow: 'clipboard-write', referrerPolicy: 'origin' });
      // What a browser shows instead of a refused page is loaded too, and never gets ready.
      this.frame.onload = () => this.ready || this.shown || this.over || this.wait(PATIENCE / 4, true);
      this.body.append(this.frame);
    }

    // Slow, loaded again, failed.
    wait(delay, loaded) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => {
        this.say('slow');
        this.waiting = setTimeout(() => {
          if (loaded || this.again) this.fail('failed', ...(AROUND ? ['nested', AROUND] : ['silent']));
          else this.load(true);
        }, 3 * delay);
      }, delay);
    }

    // Nothing more is awaited, until it is opened again.
    fail(what, ...warning) {
      clearTimeout(this.waiting);
      this.over = true;
      this.say(what);
      if (navigator.onLine !== false) this.warn(...warning);
    }

    say(what) {
      const words = this.words;
      const link = /failed|refused|slow/.test(what) ? [document.createElement('br'), make('a', { href: this.address(false), target: '_blank', rel: 'noopener', textContent: words.tab })] : [];
      this.note.replaceChildren(words[what] || '', ...link);
      this.note.hidden = !what;
    }

    send(type, detail) {
      this.frame.contentWindow.postMessage(Object.assign({ assistant: type }, detail), ORIGIN);
    }

    listen(event) {
      // From our own frame, on our own origin, and nobody else.
      if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== ORIGIN || !event.data) return;
      const { assistant: type, ...detail } = event.data;
      // One can write in it before it is whole; from then on it tells itself how it fares.
      if (type === 'shown' || (type === 'ready' && !this.shown)) {
        this.shown = true;
        this.over = false;
        clearTimeout(this.waiting);
        this.say('');
        if (this.inside()) this.enter();
      }
      if (type === 'ready') {
        this.ready = this.tab.hidden = true;
        if (this.question) this.send('ask', { question: this.question });
        this.question = null;
        this.vouch();
        emit('ready', {});
      }
      if (type === 'refused') this.fail('refused', ...(/^http/.test(location.origin) ? ['refused', location.origin] : ['opaque']));
      if (type === 'close' && this.floating) this.close();
      if (type === 'answered' || type === 'cited') emit(type, detail);
    }

    // Who this site vouches for, at each opening: by a token that its server signed a moment ago, and that serves once.
    async vouch() {
      let token = voucher;
      if (typeof voucher !== 'function') voucher = null;
      else {
        try {
          token = await voucher();
        } catch (error) {
          this.warn('vouch', error);
          return;
        }
      }
      if (token && this.ready) this.frame.contentWindow.postMessage({ type: 'assistant:token', token: String(token) }, ORIGIN);
    }

    inside() {
      return this.panel.contains(this.shadowRoot.activeElement);
    }

    enter() {
      if (!this.shown) return this.panel.focus({ preventScroll: true });
      this.frame.focus({ preventScroll: true });
      this.send('focus');
    }

    open(moves = true) {
      if (!this.frame || this.over) this.load();
      if (this.panel.hidden) {
        if (this.ready) this.vouch();
        this.panel.hidden = false;
        this.greeting.hidden = true;
        this.setAttribute('data-expanded', '');
        this.opener.setAttribute('aria-expanded', 'true');
        this.fit();
        emit('opened', {});
      }
      if (moves) this.enter();
    }

    close() {
      if (this.panel.hidden) return;
      this.panel.hidden = true;
      this.fit();
      this.greeting.hidden = this.floating;
      this.removeAttribute('data-expanded');
      this.opener.setAttribute('aria-expanded', 'false');
      this.opener.focus({ preventScroll: true });
      emit('closed', {});
    }

    // Where it fills the screen nothing else can be reached: it is a modal dialog there.
    fit() {
      const { panel } = this;
      if (!this.floating || !panel.close) return;
      const [open, inside] = [!panel.hidden, this.inside()];
      const modal = open && SMALL_SCREEN.matches;
      if (modal !== this.modal) panel.close();
      this.modal = modal;
      if (modal && !panel.open) panel.showModal();
      panel.toggleAttribute('open', open);
      if (open && inside) this.enter();
    }

    toggle() {
      if (this.panel.hidden) this.open();
      else this.close();
    }

    ask(question) {
      this.question = String(question);
      this.open();
      if (!this.ready) return;
      this.send('ask', { question: this.question });
      this.question = null;
    }
  }
  const first = () => document.querySelector(`${TAG}[floating]`) || document.querySelector(TAG);
  customElements.define(TAG, Assistant);

  let voucher = null;
  const act = (name) => (...given) => first() && first()[name](...given);

  function copy(from, left_out) {
    const element = document.createElement(TAG);
    for (const { name, value } of from.attributes) {
      if (name.startsWith('data-') && !left_out.includes(name)) element.setAttribute(name, value);
    }
    return element;
  }

  let source = null; // the script whose options the floating button has
  let arrived = false;
  let settling = 0;

  // Every place has its conversation, and the page its button, where it has nothing else or asks for both. The button
  // opens by itself and greets on arrival, not after each navigation of a single-page application.
  function settle() {
    settling = 0;
    for (const place of document.querySelectorAll('[data-assistant]')) {
      if (!place.querySelector(TAG)) place.append(copy(place, ['data-assistant']));
    }
    const wanted = source && (source.hasAttribute('data-floating') || !document.querySelector(TAG));
    if (!wanted || !document.body || document.querySelector(`${TAG}[floating]`)) return;
    const button = copy(source, arrived ? ['data-open', 'data-greeting'] : []);
    button.setAttribute('floating', '');
    document.body.append(button);
    arrived = true;
  }

  // What the page asked for before this script was there: (window.AssistantParticipation ||= []).push(['ask', '…']).
  function push(...calls) {
    for (const [name, ...given] of calls) window.AssistantParticipation[name](...given);
  }

  // An application that draws its page anew takes the button away, or adds places: seen to a moment later, and at most
  // twenty times a second, whatever the page does.
  const watch = new MutationObserver(() => {
    settling = settling || setTimeout(settle, 50);
  });

  function mount(from = script) {
    source = from;
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', () => source && mount(source), { once: true });
      return;
    }
    settle();
    if (Array.isArray(queue)) push(...queue.splice(0));
    watch.observe(document, { childList: true, subtree: true });
  }

  window.AssistantParticipation = {
    open: act('open'),
    close: act('close'),
    ask: act('ask'),
    on(type, hear) {
      const heard = (event) => hear(event.detail);
      document.addEventListener(`assistant:${type}`, heard);
      return () => document.removeEventListener(`assistant:${type}`, heard);
    },
    vouch(given) {
      voucher = given;
      for (const each of document.querySelectorAll(TAG)) if (each.ready && !each.panel.hidden) each.vouch();
    },
    remove() {
      watch.disconnect();
      clearTimeout(settling);
      settling = 0;
      source = null;
      for (const each of document.querySelectorAll(TAG)) each.remove();
    },
    mount,
    push,
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.effectiveDirective !== 'frame-src' || !event.blockedURI.startsWith(ORIGIN)) return;
    for (const each of document.querySelectorAll(TAG)) if (each.frame && !each.ready) each.fail('failed', 'policy');
  });
  // For pages without a script of their own: <button data-assistant-ask="…">.
  document.addEventListener('click', (event) => {
    const asking = event.target.closest && event.target.closest('[data-assistant-ask]');
    if (!asking || !first()) return;
    event.preventDefault();
    first().ask(asking.dataset.assistantAsk || asking.textContent);
  });
  mount();
})();
