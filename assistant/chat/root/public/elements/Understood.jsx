import { useState } from 'react';

// What was understood of a question: each filter can be removed, and the question is then asked again without it. And the
// filters of the conversation that it was asked with.
export default function Understood() {
  const { words, set_filters } = window.assistant;
  const [removed, setRemoved] = useState('');
  const remove = (filter) => {
    if (removed) return;
    setRemoved(filter.label);
    callAction({ name: 'remove_filter', payload: { turn: props.turn, key: filter.key, value: filter.value } });
  };
  const ask_without = () => {
    if (removed) return;
    setRemoved(props.within.join(', '));
    set_filters([]);
    callAction({ name: 'ask_again', payload: { turn: props.turn, address: location.href } });
  };
  return (
    <div role="group" className="understood mt-2 text-sm w-full" aria-label={words.understood}>
      {props.filters.length > 0 && (
        <div className="row">
          <h2>{words.understood_short}</h2>
          <ul className="chips">
            {props.filters.map((filter) => (
              <li key={`${filter.key}-${filter.value}`}>
                <button type="button" aria-label={words.remove(filter.label)} aria-disabled={removed !== ''}
                  title={words.remove_title} onClick={() => remove(filter)}>
                  <span lang="fr">{filter.label}</span> <span aria-hidden="true">×</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {props.within.length > 0 && (
        <div className="row">
          <h2>{words.within}</h2> <span lang="fr">{props.within.join(', ')}</span>
          <button type="button" className="chip" aria-disabled={removed !== ''} onClick={ask_without}>{words.without_filters}</button>
        </div>
      )}
      <p role="status">{removed && words.removing(removed)}</p>
    </div>
  );
}
