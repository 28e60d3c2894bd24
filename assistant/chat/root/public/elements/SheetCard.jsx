import { useEffect, useRef } from 'react';

// A sheet beside the chat, with the quoted sentence marked and brought into view.
export default function SheetCard() {
  const { words, language } = window.assistant;
  const marked = useRef(null);
  useEffect(() => {
    if (marked.current) marked.current.scrollIntoView({ block: 'center' });
  }, [props.key]);

  const ask = () => {
    sendUserMessage(props.question);
    document.getElementById('chat-input')?.focus();
  };
  const Line = ({ block, joint }) => (
    <>
      {block.label && <strong>{block.label}{joint}</strong>}
      <span>
        {block.before}
        {block.marked && <mark ref={marked}>{block.marked}</mark>}
        {block.after}
      </span>
    </>
  );
  const Blocks = ({ section }) => {
    if (section.form === 'timeline') return <ol className="timeline">{section.blocks.map((block, i) => <li key={i}><Line block={block} joint="" /></li>)}</ol>;
    if (section.form === 'list') return <ul>{section.blocks.map((block, i) => <li key={i}><Line block={block} joint=" : " /></li>)}</ul>;
    return section.blocks.map((block, i) => <p key={i}><Line block={block} joint=" : " /></p>);
  };
  return (
    <article className="sheet-card text-sm" lang="fr">
      <p><strong>{props.organisation}</strong></p>
      {props.place && <p>{props.place}</p>}
      {props.origin && <p>{props.origin}</p>}
      {props.tags.length > 0 && <p>{props.tags.join(' · ')}</p>}
      {props.path && (
        <p className="ways" lang={language}>
          <a href={props.path} target="_blank" rel="noopener">{words.own_page}<span className="for-ears"> ({words.new_tab})</span></a>
          <button type="button" onClick={ask}>{words.ask_sheet}</button>
        </p>
      )}
      {props.passage && (
        <section aria-label={words.in_document(props.passage.page)}>
          <h3 lang={language}>{words.in_document(props.passage.page)}</h3>
          <p><Line block={props.passage.block} joint="" /></p>
        </section>
      )}
      {props.sections.map((section) => (
        <section key={section.title} aria-label={section.title}>
          <h3>{section.title}</h3>
          <Blocks section={section} />
        </section>
      ))}
      {props.website && (
        <p className="mt-4" lang={language}><a href={props.website} target="_blank" rel="noopener noreferrer">{words.site}</a></p>
      )}
      {props.contact && <p className="mt-4" lang={language}>{words.members(props.contact)}</p>}
      {props.document && (
        <p className="mt-4" lang={language}><a href={props.document} target="_blank" rel="noopener">{words.open_document}</a></p>
      )}
    </article>
  );
}
