// The language of the interface: that of the address ("?lang=en"), else the browser's if it is ours, else French. Chainlit
// and the server ask the browser, so that the browser is made to answer the same.
(function () {
  const LOCALES = { fr: 'fr-FR', en: 'en-US' };
  const wanted = new URLSearchParams(location.search).get('lang') || '';
  const ours = [wanted, navigator.language].map((each) => each.toLowerCase().split('-')[0]).find((each) => each in LOCALES);
  const language = ours || 'fr';
  for (const [name, value] of [['language', LOCALES[language]], ['languages', [LOCALES[language]]]]) {
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  }
  document.documentElement.lang = language;
  Object.assign(window.assistant, { language, forced: wanted in LOCALES ? wanted : '' });
})();
