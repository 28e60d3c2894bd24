// A question asked by an address, "/chat/?question=…" (from the home page or a sheet), or by the site around a frame: it is
// put in the field and sent as soon as the connection is there.
(function () {
  const SENT = '[data-step-type=user_message]';

  // React keeps the value of its fields: it is told of another one as when someone types. What someone typed stays.
  const set_value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  function write(question) {
    const field = document.getElementById('chat-input');
    if (!field || field.value.trim()) return;
    set_value.call(field, question);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  let sending = 0;
  window.askQuestion = function (asked) {
    const question = asked.trim();
    if (!question) return;
    clearInterval(sending);
    const before = document.querySelectorAll(SENT).length;
    // On a slow machine the button may be there before it acts: it is pressed until the question is seen. Once it is
    // sent the field is empty and the button off, so that it is never sent twice.
    let written = false;
    sending = setInterval(() => {
      if (document.querySelectorAll(SENT).length > before) return clearInterval(sending);
      const button = document.getElementById('chat-submit');
      if (!button) return undefined; // an answer is being written: the question waits
      if (!written) write(question);
      written = true;
      if (!button.disabled) button.click();
      return undefined;
    }, 100);
    // Whoever touches the question first is left to send it.
    addEventListener('keydown', () => clearInterval(sending), { once: true, capture: true });
  };

  const address = new URL(location.href);
  const asked = address.searchParams.get('question');
  if (asked !== null) {
    // The address forgets it: reloading asks nothing again.
    address.searchParams.delete('question');
    history.replaceState(null, '', address);
    window.askQuestion(asked);
  }
})();
