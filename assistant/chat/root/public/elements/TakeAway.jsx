import { useState } from 'react';

const PLACE = 'assistant-links'; // the keys of the links made in this browser, which remove them: id -> [key, end]

function note_key(id, key, ends) {
  try {
    const kept = Object.entries(JSON.parse(localStorage.getItem(PLACE)) || {}).filter(([, [, end]]) => end > new Date().toISOString());
    const others = kept.filter(([each]) => each !== id);
    localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(key ? [...others, [id, [key, ends]]] : others)));
  } catch { /* it can still be removed as long as this page is there */ }
}

// An answer to take away with its sources: copied, for a message or a note, saved as a file, or shared by a link.
export default function TakeAway() {
  const { words } = window.assistant;
  const [told, setTold] = useState('');
  const [link, setLink] = useState(null);
  const [busy, setBusy] = useState(false);

  const share = async (members) => {
    if (busy) return;
    setBusy(true);
    setTold(words.sharing);
    try {
      const { response } = await callAction({ name: 'share', payload: { answer: props.answer, members } });
      if (!response?.id) return setTold(response?.refused || words.forgotten);
      note_key(response.id, response.key, response.ends);
      setLink({ ...response, address: new URL(response.address, location.origin).href, members });
      setTold(members ? words.shared_members : words.shared);
    } catch {
      setTold(words.not_shared);
    } finally {
      setBusy(false);
    }
  };
  const copy_link = async () => {
    const field = document.getElementById(`link-${link.id}`);
    field.select();
    try {
      await navigator.clipboard.writeText(link.address);
    } catch {
      if (!document.execCommand('copy')) return setTold(words.not_copied);
    }
    setTold(words.link_copied);
  };
  const unshare = async () => {
    try {
      const { response } = await callAction({ name: 'unshare', payload: { link: link.id, key: link.key } });
      if (!response) throw new Error();
      note_key(link.id);
      setLink(null);
      setTold(words.unshared);
    } catch {
      setTold(words.not_shared);
    }
  };

  const copy = async () => {
    try {
      const both = { 'text/plain': props.text, 'text/html': props.html };
      const blobs = Object.entries(both).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } catch {
      // Without https, or in a page that gives no right to the clipboard, the old way still works.
      const fill = (event) => {
        event.clipboardData.setData('text/plain', props.text);
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
        {props.links?.map((access) => (
          <li key={access}><button type="button" aria-disabled={busy} onClick={() => share(access === 'members')}>{words.share[access]}</button></li>
        ))}
      </ul>
      {link && (
        <div className="link">
          <label htmlFor={`link-${link.id}`}>{link.members ? words.link_members : words.link}</label>
          <input id={`link-${link.id}`} type="text" readOnly value={link.address} onFocus={(event) => event.target.select()} />
          <ul className="chips">
            <li><button type="button" onClick={copy_link}>{words.copy_link}</button></li>
            <li><a href={link.address} target="_blank" rel="noopener">{words.open_link}<span className="for-ears"> ({words.new_tab})</span></a></li>
            <li><button type="button" onClick={unshare}>{words.remove_link}</button></li>
          </ul>
          <p className="muted">{words.link_until(new Date(link.ends))}</p>
        </div>
      )}
      <p role="status">{told}</p>
    </div>
  );
}
