import { useEffect, useRef, useState } from 'react';

// The sheets of one answer as cards, with their marks; marks "[n]" in the text come here too. And where they are.
export default function Cards() {
  const { words } = window.assistant;
  const root = useRef(null);
  const [mapped, setMapped] = useState(false);
  const [pin, setPin] = useState(null);
  const open = (passage, quote) => callAction({ name: 'open_citation', payload: { passage, quote } });

  useEffect(() => {
    const message = root.current && root.current.closest('[data-step-type]');
    if (message) message.dataset.kind = props.kind;
    const listen = (event) => {
      if (!message || event.detail.message !== message) return;
      const wanted = props.cards.flatMap((card) => card.cited).find((cited) => cited.n === event.detail.n);
      if (!wanted) return;
      window.dispatchEvent(new CustomEvent('citation-opened'));
      open(wanted.passage, wanted.quote);
    };
    window.addEventListener('open-citation', listen);
    window.dispatchEvent(new CustomEvent('sources-ready'));
    return () => window.removeEventListener('open-citation', listen);
  }, []);

  const Marks = ({ cited }) => cited.map((each) => `[${each.n}]${each.page ? ` ${words.page}\u00a0${each.page}` : ''}`).join(' ');
  const list = (
    <ul>
      {props.cards.map((card) => (
        <li key={card.sheet}>
          <p className="title">
            <button type="button" lang="fr" data-opens={`card-${card.sheet}`} onClick={() => open(card.cited[0].passage, card.cited[0].quote)}>
              <span className="marks"><Marks cited={card.cited} /></span> {card.title}
            </button>
          </p>
          <p lang="fr">{[card.organisation, card.place].filter((part, at, all) => part && all.indexOf(part) === at).join(', ')}</p>
          <p lang="fr">{[card.year, card.prize].filter(Boolean).join(' · ')}</p>
          {card.path && (
            <p><a href={card.path} target="_blank" rel="noopener">{words.own_page}<span className="for-ears"> {card.title} ({words.new_tab})</span></a></p>
          )}
        </li>
      ))}
    </ul>
  );
  const there = pin === null ? null : props.pins[pin];
  const choose = (event, at) => {
    event.preventDefault();
    if (props.pins[at].sheets.length === 1) { setPin(null); open(props.pins[at].sheets[0], ''); } else setPin(at);
  };
  const title_of = (sheet) => props.cards.find((card) => card.sheet === sheet)?.title || there.titles?.[there.sheets.indexOf(sheet)] || sheet;

  return (
    <div ref={root} role="group" className="cards mt-2 text-sm w-full" aria-label={words.sheets(props.cards.length)}>
      {props.folded
        ? <details><summary>{words.show_sheets(props.cards.length)}</summary>{list}</details>
        : <>{<h2>{words.sheets(props.cards.length)}</h2>}{list}</>}
      {props.pins.length > 0 && (
        <button type="button" className="show-map" aria-expanded={mapped} onClick={() => setMapped(!mapped)}>
          {mapped ? words.hide_map : words.show_map}
        </button>
      )}
      {mapped && (
        <div className="map">
          <svg className="france" viewBox="0 0 600 700" role="group" aria-label={words.map}>
            <use className="land" href="/static/france.svg#france" aria-hidden="true" />
            {props.frames.map((frame) => (
              <text key={frame.name} className="frame" x={frame.x} y={frame.y} aria-hidden="true">{frame.name}</text>
            ))}
            {props.pins.map((each, at) => (
              <a key={at} href={each.path} target="_blank" aria-label={each.name} lang="fr" data-opens={`pin-${at}`} onClick={(event) => choose(event, at)}>
                <title>{each.name}</title>
                <circle className="reach" cx={each.x} cy={each.y} r="21" />
                <circle cx={each.x} cy={each.y} r={each.radius} />
                {each.sheets.length > 1 && <text x={each.x} y={each.y} aria-hidden="true">{each.sheets.length}</text>}
              </a>
            ))}
          </svg>
          <div role="status">
            {there && (
              <>
                <p lang="fr">{there.name}</p>
                <ul>
                  {there.sheets.map((sheet) => (
                    <li key={sheet}><button type="button" lang="fr" data-opens={`place-${sheet}`} onClick={() => open(sheet, '')}>{title_of(sheet)}</button></li>
                  ))}
                </ul>
              </>
            )}
          </div>
          <p className="muted">{props.off_map > 0 && `${words.off_map(props.off_map)} `}{words.credit}</p>
        </div>
      )}
    </div>
  );
}
