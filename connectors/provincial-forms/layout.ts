import { connectorFile, tableRows } from '../connector-file.ts';

/** Layouts in use, by the offices that use them (`layouts.csv`); a form may also declare its own columns. */
export const layoutNames = ['retail', 'industry-trade', 'agriculture', 'maritime'] as const;

/** What a column of a form holds. */
export interface FormColumn {
  readonly header: string;
  readonly measure: string;
  /** The period, in months from the reported one. */
  readonly months: number | 'year' | 'last-year';
  readonly vintage: string;
  readonly unit: string;
}

/** The columns of a layout. */
export function layoutColumns(layout: (typeof layoutNames)[number]): readonly FormColumn[] {
  return tableRows(connectorFile('provincial-forms/layouts.csv'))
    .filter((row) => row['layout'] === layout)
    .map(({ header = '', measure = '', months = '', vintage = '', unit = '' }) => ({
      header,
      measure,
      months: months === 'year' || months === 'last-year' ? months : Number(months),
      vintage,
      unit,
    }));
}
