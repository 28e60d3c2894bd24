import { useState } from 'react';

// An answer to take away with its sources: copied, for a message or a note, or saved as a file.
export default function TakeAway() {
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
      if (!done) return setTold('Votre navigateur ne permet pas de copier.');
    }
    setTold('Réponse copiée avec ses sources.');
  };

  const save = (name, blob) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    setTold(`Fichier enregistré : ${name}`);
  };

  const save_word = async () => {
    setTold('Préparation du fichier…');
    const { response } = await callAction({ name: 'take_away', payload: { answer: props.answer } });
    if (!response || !response.content) return setTold("Cette réponse n'est plus en mémoire : posez la question de nouveau.");
    const bytes = Uint8Array.from(atob(response.content), (letter) => letter.charCodeAt(0));
    save(response.name, new Blob([bytes], { type: response.type }));
  };

  return (
    <section className="take-away mt-2 text-sm w-full" aria-label="Emporter la réponse">
      <ul>
        <li><button type="button" onClick={copy}>Copier avec les sources</button></li>
        <li><button type="button" onClick={save_word}>Word (.docx)</button></li>
        <li><button type="button" onClick={() => save('reponse.md', new Blob([props.markdown], { type: 'text/markdown' }))}>Markdown (.md)</button></li>
      </ul>
      <p role="status">{told}</p>
    </section>
  );
}
