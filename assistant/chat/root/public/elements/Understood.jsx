import { useState } from 'react';

// What was understood of a question: each filter can be removed, and the question is then asked again without it.
export default function Understood() {
  const [removed, setRemoved] = useState('');
  const remove = (filter) => {
    if (removed) return;
    setRemoved(filter.label);
    callAction({ name: 'remove_filter', payload: { turn: props.turn, key: filter.key, value: filter.value } });
  };
  return (
    <section className="understood mt-2 text-sm w-full" aria-label="Ce qui a été compris">
      <h2>Compris :</h2>
      <ul>
        {props.filters.map((filter) => (
          <li key={`${filter.key}-${filter.value}`}>
            <button type="button" aria-label={`Retirer le filtre ${filter.label}`} aria-disabled={removed !== ''}
              title="Retirer ce filtre et chercher de nouveau" onClick={() => remove(filter)}>
              {filter.label} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status">{removed && `Nouvelle recherche sans « ${removed} » ci-dessous.`}</p>
    </section>
  );
}
