import { useEffect, useRef } from 'react';

// A sheet beside the chat, with the quoted sentence marked and brought into view.
export default function SheetCard() {
  const marked = useRef(null);
  useEffect(() => {
    if (marked.current) marked.current.scrollIntoView({ block: 'center' });
  }, [props.key]);

  const Line = ({ block }) => (
    <>
      {block.label && <strong>{block.label} : </strong>}
      {block.before}
      {block.marked && <mark ref={marked}>{block.marked}</mark>}
      {block.after}
    </>
  );
  return (
    <article className="sheet-card text-sm" lang="fr">
      <p><strong>{props.organisation}</strong></p>
      {props.place && <p>{props.place}</p>}
      {props.origin && <p>{props.origin}</p>}
      {props.tags.length > 0 && <p>{props.tags.join(' · ')}</p>}
      {props.sections.map((section) => (
        <section key={section.title} aria-label={section.title}>
          <h3>{section.title}</h3>
          {section.joined
            ? <ul>{section.blocks.map((block, i) => <li key={i}><Line block={block} /></li>)}</ul>
            : section.blocks.map((block, i) => <p key={i}><Line block={block} /></p>)}
        </section>
      ))}
      {props.website && (
        <p className="mt-4"><a href={props.website} target="_blank" rel="noopener noreferrer">Site du projet (nouvel onglet)</a></p>
      )}
      {props.document && (
        <p className="mt-4"><a href={props.document} target="_blank" rel="noopener noreferrer">{props.document_label}</a></p>
      )}
      {props.members && <p className="mt-4">{props.members}</p>}
    </article>
  );
}
