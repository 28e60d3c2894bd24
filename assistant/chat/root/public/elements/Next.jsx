import { useState } from 'react';

// What may be asked after this answer: a button asks it as if it had been written.
export default function Next() {
  const { words } = window.assistant;
  const [asked, setAsked] = useState('');
  const ask = (suggestion) => {
    if (document.getElementById('stop-button')) return;
    setAsked(suggestion.label);
    sendUserMessage(suggestion.question);
  };
  return (
    <div role="group" className="next mt-2 text-sm w-full" aria-label={words.next}>
      <h2>{words.next}</h2>
      <ul className="chips">
        {props.suggestions.map((suggestion) => (
          <li key={suggestion.question}><button type="button" onClick={() => ask(suggestion)}>{suggestion.label}</button></li>
        ))}
      </ul>
      <p role="status" className="for-ears">{asked && words.asked(asked)}</p>
    </div>
  );
}
