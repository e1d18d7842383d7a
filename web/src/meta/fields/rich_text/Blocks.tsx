import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { type Block, type Run, read, safeHref } from '@/lib/richtext';
import '@/ui/rich.css';

/** Formatted text as elements made of its checked blocks. */
export default function Blocks({ markup }: { markup: string }) {
  return <div className="rich">{read(markup).map(shown)}</div>;
}

function shown(block: Block, at: number): ReactNode {
  const Tag = block.tag;
  if (Tag === 'hr') return <hr key={at} />;
  return (
    // Blocks have no name of their own, and they are never put in another order.
    <Tag key={at} {...(block.start ? { start: block.start } : {})}>
      {block.runs.map(run)}
      {block.kids.map(shown)}
    </Tag>
  );
}

function run({ text, look }: Run, at: number): ReactNode {
  let inner: ReactNode = text.split('\n').map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
    <Fragment key={i}>
      {i > 0 && <br />}
      {line}
    </Fragment>
  ));
  if (look.s) inner = <s>{inner}</s>;
  if (look.u) inner = <u>{inner}</u>;
  if (look.em) inner = <em>{inner}</em>;
  if (look.strong) inner = <strong>{inner}</strong>;
  return <Fragment key={at}>{look.href ? <Out href={look.href}>{inner}</Out> : inner}</Fragment>;
}

function Out({ href, children }: { href: string; children: ReactNode }) {
  const safe = safeHref(href);
  if (safe === '') return children;
  if (safe.startsWith('/')) return <Link to={safe}>{children}</Link>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" title={safe}>
      {children}
    </a>
  );
}
