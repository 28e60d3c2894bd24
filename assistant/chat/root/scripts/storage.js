// In a frame whose storage the browser blocks, localStorage throws and Chainlit would show a blank page; and in a frame of
// another site nothing is to be left in the browser but, as long as its tab is open, the conversation.
(function () {
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
  const framed = 'framed' in document.documentElement.dataset;
  // What the conversation itself leaves, in a frame too, unless its site says "keep=0": tab.js.
  let tab = memory();
  try {
    window.sessionStorage.getItem('probe');
    if (new URLSearchParams(location.search).get('keep') !== '0') tab = window.sessionStorage;
  } catch { /* it is forgotten with the page */ }
  window.assistant = { tab };
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      if (framed) throw new Error(name);
      window[name].getItem('probe');
    } catch {
      Object.defineProperty(window, name, { value: memory(), configurable: true });
    }
  }
  // A site may say which appearance its pages have.
  const scheme = new URLSearchParams(location.search).get('scheme');
  if (framed && ['light', 'dark'].includes(scheme)) localStorage.setItem('vite-ui-theme', scheme);
})();
