// Says once, aloud, that an answer is being sought, and then the answer, however many pieces it was written in.
(function () {
  const { words, on_change, tell } = window.assistant;
  const LONGEST = 700; // characters: who wants more reads the answer itself
  let was_busy = false;

  on_change(() => {
    const is_busy = document.getElementById('stop-button') !== null;
    if (is_busy && !was_busy) tell(words.searching);
    if (!is_busy && was_busy) {
      const text = [...document.querySelectorAll('[data-step-type=assistant_message]')].at(-1)?.querySelector('.prose')?.innerText || '';
      tell(words.answered(text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/\s\S*$/, '')}…` : text));
    }
    document.querySelector('[role=log]')?.setAttribute('aria-busy', String(is_busy));
    was_busy = is_busy;
  });
})();
