import { Fragment, type ReactNode } from 'react';
import { FigureLink } from './figure-link.tsx';
import type { Cell, Inline } from './report-document.ts';

/** Words and figures in a row. */
export function Inlines(props: {
  readonly inlines: readonly Inline[];
  readonly reference: string;
}): ReactNode {
  return props.inlines.map((inline, i) => (
    <Fragment key={i}>
      <InlineView inline={inline} reference={props.reference} />
    </Fragment>
  ));
}

/** One of them; a cell of a kind the portal does not know stays empty. */
export function InlineView(props: {
  readonly inline: Cell;
  readonly reference: string;
}): ReactNode {
  const { inline, reference } = props;
  if (isInline(inline)) {
    if (inline.kind === 'figure') return <FigureLink figure={inline} reference={reference} />;
    const text = inline.italic === true ? <i>{inline.text}</i> : inline.text;
    return inline.bold === true ? <b>{text}</b> : text;
  }
  return null;
}

function isInline(cell: Cell): cell is Inline {
  return cell.kind === 'figure' || cell.kind === 'text';
}
