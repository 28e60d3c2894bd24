// In a frame whose storage the browser blocks, localStorage throws and Chainlit would show a blank page.
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
    try { window[name].getItem('probe'); } catch {
      Object.defineProperty(window, name, { value: memory(), configurable: true });
    }
  }
})();
