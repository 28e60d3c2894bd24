import { useEffect, useRef, useState } from 'react';
import { ThumbsDown, ThumbsUp } from 'lucide-react';

const WORDS = {
  fr: {
    region: 'Votre avis sur cette réponse', asked: 'Cette réponse vous aide-t-elle ?', yes: 'Oui', no: 'Non',
    comment: 'Voulez-vous en dire plus ? (facultatif, sans données personnelles)', send: 'Envoyer le commentaire',
    sending: 'Envoi…', thanks: 'Merci, votre avis est noté.', thanked: 'Merci pour votre commentaire.',
    failed: "Votre avis n'a pas pu être noté : réessayez dans un instant.",
  },
  en: {
    region: 'Your opinion of this answer', asked: 'Does this answer help you?', yes: 'Yes', no: 'No',
    comment: 'Would you like to say more? (optional, no personal data)', send: 'Send the comment',
    sending: 'Sending…', thanks: 'Thank you, your opinion is noted.', thanked: 'Thank you for your comment.',
    failed: 'Your opinion could not be noted: try again in a moment.',
  },
};

// What people think of an answer, for the staff: two buttons, then a comment if they like. It can be changed.
export default function Opinion() {
  const words = document.documentElement.lang.startsWith('en') ? WORDS.en : WORDS.fr;
  const [value, setValue] = useState(0);
  const [comment, setComment] = useState('');
  const [told, setTold] = useState('');
  const [commented, setCommented] = useState(false);
  const form = useRef(null);
  // It opens below what is seen of the conversation.
  useEffect(() => { form.current?.scrollIntoView({ block: 'nearest' }); }, [value]);

  const judge = async (chosen, text, thanks) => {
    const before = value;
    setValue(chosen);
    setTold(words.sending);
    try {
      const payload = { answer: props.answer, value: chosen, comment: text };
      const { response } = await callAction({ name: 'judge', payload });
      if (!response || !response.kept) throw new Error();
      setTold(thanks);
      return true;
    } catch {
      setValue(before);
      setTold(words.failed);
      return false;
    }
  };
  const send = async (event) => {
    event.preventDefault();
    if (await judge(value, comment, words.thanked)) setCommented(true);
  };
  const field = `comment-${props.answer}`;
  return (
    <div className="opinion mt-2 text-sm w-full" role="group" aria-label={words.region}>
      <p>{words.asked}</p>
      <ul>
        {[[1, words.yes, ThumbsUp], [-1, words.no, ThumbsDown]].map(([each, name, Icon]) => (
          <li key={each}>
            <button type="button" aria-pressed={value === each} onClick={() => judge(each, comment, words.thanks)}>
              <Icon aria-hidden="true" className="opinion-icon" /> {name}
            </button>
          </li>
        ))}
      </ul>
      {value !== 0 && !commented && (
        <form ref={form} onSubmit={send}>
          <label htmlFor={field}>{words.comment}</label>
          <textarea id={field} rows={2} maxLength={props.longest} value={comment} onChange={(event) => setComment(event.target.value)} />
          <button type="submit">{words.send}</button>
        </form>
      )}
      <p role="status">{told}</p>
    </div>
  );
}
