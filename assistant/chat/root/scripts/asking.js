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
  window.assistant.ask = async (question) => {
    clearInterval(sending);
    if (window.assistant.early?.(question)) return;
    await window.assistant.restored;
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

  // Enter before the connection is there: the question is kept, said to be, and sent once it is.
  let held = 0;
  let settled = false;
  window.assistant.restored.then(() => { settled = true; });
  function hold() {
    note.textContent = window.assistant.words.held;
    clearInterval(held);
    // The button may be there before it acts: pressed until the field is empty.
    held = setInterval(() => {
      const ready = document.getElementById('chat-submit');
      if (!document.getElementById('chat-input')?.value.trim()) release();
      else if (settled && ready && !ready.disabled) ready.click();
    }, 100);
  }
  addEventListener('keydown', (event) => {
    const { target: field, key } = event;
    const button = document.getElementById('chat-submit');
    if (key !== 'Enter' || event.shiftKey || event.isComposing || field.id !== 'chat-input' || !field.value.trim() || !button?.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    hold();
  }, true);
  const note = window.assistant.make('p', { class: 'held', role: 'status' });
  function release() {
    clearInterval(held);
    note.textContent = '';
  }
  window.assistant.on_change(() => {
    const composer = document.getElementById('message-composer');
    if (composer && note.nextElementSibling !== composer) composer.before(note);
  });

  // What was written before the field was there (early.js). A field that is not ready forgets it: it is written until it stays.
  window.assistant.write = (text, sends, ...selected) => {
    let times = 0;
    const writing = setInterval(() => {
      times += 1;
      const field = document.getElementById('chat-input');
      if (times === 1 || !field?.value) return write(text);
      clearInterval(writing);
      if (sends) hold();
      else if (field.value === text) field.setSelectionRange(...selected);
    }, 100);
    write(text);
  };

  // What is being written stays where the page draws its field anew, as it does when a conversation comes back.
  let draft = '';
  let last = null;
  const sent = () => { draft = ''; };
  addEventListener('input', ({ target }) => { if (target.id === 'chat-input') draft = target.value; }, true);
  addEventListener('keydown', (event) => { if (event.target.id === 'chat-input' && event.key === 'Enter' && !event.shiftKey) sent(); });
  addEventListener('click', (event) => { if (event.target.closest?.('#chat-submit')) sent(); }, true);
  window.assistant.on_change(() => {
    const field = document.getElementById('chat-input');
    if (field && last && field !== last && draft) write(draft);
    last = field || last;
  });
})();
