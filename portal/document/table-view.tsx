import type { ReactNode } from 'react';
import { dayText } from '../time-text.ts';
import { headerRows } from './header-rows.ts';
import { InlineView, Inlines } from './inlines.tsx';
import type { Column, Row, TableBlock } from './report-document.ts';

/** A report table: grouped headings, windows and column numbers, rows, reconciliations, notes. */
export function TableView(props: {
  readonly table: TableBlock;
  readonly reference: string;
}): ReactNode {
  const { table, reference } = props;
  const { columns } = table;
  return (
    <figure className="report-table">
      <figcaption>
        <b>{table.title}</b>
        <i>{table.unitNote}</i>
      </figcaption>
      <div className="scroll">
        <table>
          <thead>
            {headerRows(columns).map((row, i) => (
              <tr key={i}>
                {row.map(({ text, columns: span, rows }, j) => (
                  <th key={j} colSpan={span} rowSpan={rows}>
                    {text}
                  </th>
                ))}
              </tr>
            ))}
            <ExtraRow columns={columns} text={windowText} />
            <ExtraRow columns={columns} text={({ number }) => number} />
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <RowView key={row.key} row={row} columns={columns} reference={reference} />
            ))}
          </tbody>
        </table>
      </div>
      {table.checks?.map(({ inlines, holds }, i) => (
        <p key={i} className={holds ? 'check' : 'check broken'}>
          {holds ? '✓ ' : '✗ '}
          <Inlines inlines={inlines} reference={reference} />
        </p>
      ))}
      {table.notes?.map((inlines, i) => (
        <p key={i} className="note">
          <Inlines inlines={inlines} reference={reference} />
        </p>
      ))}
    </figure>
  );
}

function ExtraRow(props: {
  readonly columns: readonly Column[];
  readonly text: (column: Column) => string | undefined;
}): ReactNode {
  const { columns, text } = props;
  if (columns.every((column) => text(column) === undefined)) return null;
  return (
    <tr className="extra">
      {columns.map((column) => (
        <th key={column.key}>{text(column)}</th>
      ))}
    </tr>
  );
}

function windowText({ window }: Column): string | undefined {
  return window && `${dayText(window.from)}–${dayText(window.to)}`;
}

function RowView(props: {
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly reference: string;
}): ReactNode {
  const { row, columns, reference } = props;
  if (row.kind === 'group') {
    return (
      <tr className="group">
        <th colSpan={columns.length}>{row.label}</th>
      </tr>
    );
  }
  return (
    <tr className={row.kind}>
      {row.cells.map((cell, i) => (
        <td key={columns[i]?.key ?? i} className={columns[i]?.align ?? alignOf(cell.kind)}>
          <InlineView inline={cell} reference={reference} />
        </td>
      ))}
    </tr>
  );
}

function alignOf(kind: string): string {
  return kind === 'figure' ? 'right' : 'left';
}
