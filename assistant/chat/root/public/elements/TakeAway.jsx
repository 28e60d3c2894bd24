import { useState } from 'react';

// An answer to take away with its sources: copied, for a message or a note, or saved as a file.
export default function TakeAway() {
  const { words } = window.assistant;
  const [told, setTold] = useState('');

  const copy = async () => {
    try {
      const both = { 'text/plain': props.markdown, 'text/html': props.html };
      const blobs = Object.entries(both).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } catch {
      // Without https, or in a page that gives no right to the clipboard, the old way still works.
      const fill = (event) => {
        event.clipboardData.setData('text/plain', props.markdown);
        event.clipboardData.setData('text/html', props.html);
        event.preventDefault();
      };
      document.addEventListener('copy', fill, { once: true });
      const done = document.execCommand('copy');
      document.removeEventListener('copy', fill);
      if (!done) return setTold(words.not_copied);
    }
    setTold(words.copied);
  };

  const save = (name, blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    setTold(words.saved(name));
  };

  const save_word = async () => {
    setTold(words.preparing);
    const { response } = await callAction({ name: 'take_away', payload: { answer: props.answer } });
    if (!response || !response.content) return setTold(words.forgotten);
    const bytes = Uint8Array.from(atob(response.content), (letter) => letter.charCodeAt(0));
    save(response.name, new Blob([bytes], { type: response.type }));
  };

  return (
    <div role="group" className="take-away mt-2 text-sm w-full" aria-label={words.away}>
      <ul className="chips">
        <li><button type="button" onClick={copy}>{words.copy_all}</button></li>
        <li><button type="button" onClick={save_word}>{words.word}</button></li>
        <li><button type="button" onClick={() => save(props.name, new Blob([props.markdown], { type: 'text/markdown' }))}>{words.markdown}</button></li>
      </ul>
      <p role="status">{told}</p>
    </div>
  );
}
