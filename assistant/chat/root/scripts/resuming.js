// "/chat/?conversation=…" takes up a conversation that a member had before: the page asks the server for it until it is
// shown, since what is said before the connection is there is lost. The server knows whose it is.
(function () {
  const wanted = new URLSearchParams(location.search).get('conversation');
  if (!wanted) return;
  let tries = 0;
  const asking = setInterval(() => {
    tries += 1;
    if (document.querySelector('[data-step-type]') || tries > 100) {
      clearInterval(asking);
      return;
    }
    const ready = document.getElementById('chat-input');
    if (ready) window.postMessage({ assistant: 'conversation', id: wanted }, location.origin);
  }, 300);
})();
