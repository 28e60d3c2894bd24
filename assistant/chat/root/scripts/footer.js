// What this is, what it is not, what is kept: under the conversation, and under the welcome text.
(function () {
  const { words, make, on_change, kept } = window.assistant;
  const links = Object.entries(words.links).map(([path, text]) =>
    make('li', {}, make('a', { href: path, target: '_blank' }, text, make('span', { class: 'for-ears' }, ` (${words.new_tab})`))));
  const footer = make('section', { class: 'chat-footer', 'aria-label': words.footer },
    make('details', {}, make('summary', {}, words.about), ...words.about_text.map((text) => make('p', {}, text))),
    ...(kept ? [kept] : []), make('ul', {}, ...links));

  on_change(() => {
    const under = document.querySelector('.watermark')?.parentElement || document.getElementById('welcome-screen');
    if (under && footer.parentElement !== under) under.append(footer);
  });
})();
