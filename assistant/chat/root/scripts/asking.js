// A question asked by the address, or by the site around a frame: put in the field, and sent as soon as the connection is
// there.
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
  window.assistant.ask = (question) => {
    clearInterval(sending);
    const before = document.querySelectorAll(SENT).length;
    let written = false;
    // On a slow machine the button may be there before it acts: it is pressed until the question is seen. Once it is
    // sent the field is empty and the button off, so that it is never sent twice.
    sending = setInterval(() => {
      if (document.querySelectorAll(SENT).length > before) {
        clearInterval(sending);
        return;
      }
      const button = document.getElementById('chat-submit');
      if (!button) return; // an answer is being written: the question waits
      if (!written) write(question);
      written = true;
      if (!button.disabled) button.click();
    }, 100);
    // Whoever touches the question first is left to send it.
    addEventListener('keydown', () => clearInterval(sending), { once: true, capture: true });
  };
})();
