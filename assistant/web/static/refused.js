// A site that may not show the chat: its page is told nothing but that.
parent.postMessage({ assistant: "refused" }, "*");
