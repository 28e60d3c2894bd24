import { useEffect, useRef } from 'react';

// The sources of one answer: a button for each sheet; marks "[n]" in the text come here too.
export default function Sources() {
  const root = useRef(null);
  const open = (citation) => callAction({ name: 'open_citation', payload: { passage: citation.passage, quote: citation.quote } });

  useEffect(() => {
    const listen = (event) => {
      const here = root.current && root.current.closest('[data-step-type]');
      if (!here || event.detail.message !== here) return;
      const wanted = props.citations.find((citation) => citation.n === event.detail.n);
      if (!wanted) return;
      window.dispatchEvent(new CustomEvent('citation-opened'));
      open(wanted);
    };
    window.addEventListener('open-citation', listen);
    window.dispatchEvent(new CustomEvent('sources-ready'));
    return () => window.removeEventListener('open-citation', listen);
  }, []);

  const sheets = [...new Set(props.citations.map((citation) => citation.sheet))];
  return (
    <nav ref={root} className="sources mt-2 text-sm w-full" aria-label="Sources">
      <h2>Sources</h2>
      <ul className="flex flex-col gap-2">
        {sheets.map((sheet) => {
          const cited = props.citations.filter((citation) => citation.sheet === sheet);
          return (
            <li key={sheet}>
              <button type="button" onClick={() => open(cited[0])}>
                {cited.map((citation) => `[${citation.n}]${citation.page ? ` p.\u00a0${citation.page}` : ''}`).join(' ')} {cited[0].title}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
