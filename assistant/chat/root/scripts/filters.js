// The filters of the conversation: a bar over the field where one writes, and the panel that it opens.
(function () {
  const { assistant } = window;
  const { words, language, make } = assistant;
  let offered = null; // [{key, title, single, choices: [{value, label, count}]}]
  let dialog = null;

  const button = make('button', { type: 'button', class: 'filter-open', 'aria-haspopup': 'dialog', click: open_panel }, words.filter);
  const chips = make('ul', { 'aria-label': words.filters });
  const bar = make('div', { class: 'filter-bar' }, button, chips);

  async function load() {
    offered ??= await fetch('/chat/filters').then((response) => (response.ok ? response.json() : null)).catch(() => null);
    return offered;
  }
  function find_label(key, value) {
    return offered?.find((facet) => facet.key === key)?.choices.find((choice) => choice.value === value)?.label || value;
  }
  function labels() {
    return assistant.filters().map(([key, value]) => find_label(key, value));
  }

  function draw_chips() {
    chips.replaceChildren(...assistant.filters().map(([key, value], row) => {
      const label = find_label(key, value);
      const remove = () => {
        assistant.set_filters(assistant.filters().filter((_, at) => at !== row));
        assistant.tell(words.filters_set(labels()));
        (chips.querySelectorAll('button')[row] || button).focus();
      };
      const chip = make('button', { type: 'button', title: words.remove(label), click: remove },
        make('span', { class: 'for-ears' }, words.remove('')), make('span', { lang: 'fr' }, label), make('span', { 'aria-hidden': 'true' }, ' ×'));
      return make('li', {}, chip);
    }));
  }
  function redraw() {
    draw_chips();
    if (assistant.filters().length && !offered) load().then(draw_chips);
  }

  async function open_panel() {
    if (!(await load())) return assistant.tell(words.unavailable);
    dialog?.remove();
    dialog = make_panel();
    document.body.append(dialog);
    dialog.showModal();
    count();
  }
  function chosen() {
    return [...dialog.querySelectorAll('input:checked')].filter((input) => input.value).map((input) => [input.name, input.value]);
  }
  async function count() {
    const search = new URLSearchParams([...chosen(), ['limit', '1']]);
    const found = await fetch(`/api/sheets?${search}`).then((response) => response.json()).catch(() => null);
    if (found) dialog.querySelector('[role=status]').textContent = words.matching(found.total);
  }
  function apply(event) {
    event.preventDefault();
    assistant.set_filters(chosen());
    dialog.close();
    assistant.tell(words.filters_set(labels()));
  }
  function clear() {
    dialog.querySelectorAll('input').forEach((input) => { input.checked = input.type === 'radio' && !input.value; });
    count();
  }

  function make_panel() {
    const kept = new Set(assistant.filters().map(([key, value]) => `${key}=${value}`));
    const facets = offered.map((facet, row) => make_facet(facet, kept, row === 0));
    const form = make('form', { method: 'dialog', submit: apply, change: count },
      make('header', {},
        make('h2', { id: 'filter-title' }, words.filters_title),
        make('button', { type: 'button', class: 'close', 'aria-label': words.close, click: () => dialog.close() }, '×')),
      make('p', {}, words.filters_help),
      make('div', { class: 'facets' }, ...facets),
      make('div', { class: 'actions' },
        make('p', { role: 'status' }),
        make('button', { type: 'button', click: clear }, words.clear),
        make('button', { class: 'main' }, words.apply)));
    return make('dialog', { class: 'filter-panel', 'aria-labelledby': 'filter-title' }, form);
  }
  function make_facet(facet, kept, first) {
    const title = (language === 'fr' && facet.title) || words.facets[facet.key] || facet.title;
    const any = facet.single ? [make_choice(facet, { value: '', label: words.any }, !facet.choices.some((each) => kept.has(`${facet.key}=${each.value}`)))] : [];
    const choices = facet.choices.map((choice) => make_choice(facet, choice, kept.has(`${facet.key}=${choice.value}`)));
    const is_used = facet.choices.some((choice) => kept.has(`${facet.key}=${choice.value}`));
    return make('details', { open: is_used || first },
      make('summary', {}, title),
      make('fieldset', {}, make('legend', { class: 'for-ears' }, title), ...any, ...choices));
  }
  function make_choice(facet, choice, checked) {
    const id = `filter-${facet.key}-${choice.value}`;
    const input = make('input', { type: facet.single ? 'radio' : 'checkbox', id, name: facet.key, value: choice.value });
    input.checked = checked;
    const counted = choice.count == null ? [] : [make('span', { class: 'count' }, ` ${choice.count}`)];
    return make('p', {}, input, make('label', { for: id, lang: language === 'fr' || !choice.value ? null : 'fr' }, choice.label, ...counted));
  }

  assistant.on_filters(redraw);
  assistant.on_change(() => {
    const composer = document.getElementById('message-composer');
    if (composer && bar.parentElement !== composer.parentElement) composer.before(bar);
  });
  redraw();
})();
