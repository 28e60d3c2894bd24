import { useState } from 'react';

// How the sheets of a list divide by facet: a value asks the question again for its sheets only.
export default function Counts() {
  const { words } = window.assistant;
  const [asked, setAsked] = useState('');
  const narrow = (key, count) => {
    if (asked) return;
    setAsked(count.label);
    callAction({ name: 'narrow', payload: { turn: props.turn, key, value: count.value } });
  };
  return (
    <div role="group" className="counts mt-2 text-sm w-full" aria-label={words.counts}>
      <details>
        <summary><h2>{words.counts}</h2></summary>
        {props.facets.map((facet) => (
          <div key={facet.key}>
            <h3>{words.facets[facet.key]}</h3>
            <ul className="chips">
              {facet.counts.map((count) => (
                <li key={count.value}>
                  <button type="button" aria-disabled={asked !== ''} title={words.narrow(count.label)} onClick={() => narrow(facet.key, count)}>
                    <span lang="fr">{count.label}</span> <span className="count">{count.count}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </details>
      <p role="status">{asked && words.narrowing(asked)}</p>
    </div>
  );
}
