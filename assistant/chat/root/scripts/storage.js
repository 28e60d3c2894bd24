// In a frame whose storage the browser blocks, localStorage throws and Chainlit would show a blank page; and in a frame of
// another site nothing is to be left in the browser.
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
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      if ('framed' in document.documentElement.dataset) throw new Error(name);
      window[name].getItem('probe');
    } catch {
      Object.defineProperty(window, name, { value: memory(), configurable: true });
    }
  }
})();
