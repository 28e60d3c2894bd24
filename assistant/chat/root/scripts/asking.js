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
    let pressed = false;
    // On a slow machine the field may forget what was written before it was ready, and the button may be there before it
    // acts: the question is written until it stays, the button pressed until the question is seen. Once it was pressed
    // an empty field means that it was sent: it is never written again, nor sent twice.
    sending = setInterval(() => {
      if (document.querySelectorAll(SENT).length > before) {
        clearInterval(sending);
        return;
      }
      const button = document.getElementById('chat-submit');
      if (!button) return; // an answer is being written: the question waits
      if (!pressed) write(question);
      if (button.disabled) return;
      pressed = true;
      button.click();
    }, 100);
    // Whoever touches the question first is left to send it.
    addEventListener('keydown', () => clearInterval(sending), { once: true, capture: true });
  };
})();
