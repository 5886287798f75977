import type { Classification, ColumnType } from '../../core/stream-contract.ts';
import type { Localized } from '../../core/localized.ts';
import { connectorFile, tableRows } from '../connector-file.ts';
import { headerWords } from '../decode/header-words.ts';

const types = {
  text: 'varchar',
  count: 'integer',
  birth: 'date',
  day: 'date',
  sex: 'varchar',
  class: 'varchar',
  state: 'varchar',
} as const satisfies Record<string, ColumnType>;

/** One column of a case list and the headers it is known by. */
export interface CaseColumn {
  readonly name: string;
  readonly kind: keyof typeof types;
  readonly type: ColumnType;
  readonly classification: Classification;
  readonly label: Localized;
  readonly headers: readonly string[];
}

/** The columns, in the order of the stream. */
export const caseColumns: readonly CaseColumn[] = tableRows(
  connectorFile('case-lists/columns.csv'),
).map(({ column = '', kind = '', class: level = '', vi = '', en = '', headers = '' }) => {
  if (!isKind(kind) || !isLevel(level)) throw new RangeError(`case list column ${column}`);
  return {
    name: column,
    kind,
    type: types[kind],
    classification: level,
    label: { vi, en },
    headers: headers.split(';'),
  };
});

/** Words of a list and the codes they become, e.g. `khẳng định` → `confirmed`. */
export const caseWords: readonly Readonly<Record<string, string>>[] = tableRows(
  connectorFile('case-lists/words.csv'),
);

/** Finds the column of a header text, by shared and by local spellings (header → column). */
export function columnFinder(
  local: Readonly<Record<string, string>>,
): (header: string) => string | undefined {
  const known = new Map<string, string>();
  for (const { name, headers } of caseColumns)
    for (const header of headers) known.set(headerWords(header), name);
  for (const [header, name] of Object.entries(local)) known.set(headerWords(header), name);
  return (header) => known.get(headerWords(header));
}

function isKind(text: string): text is keyof typeof types {
  return Object.hasOwn(types, text);
}

function isLevel(text: string): text is Classification {
  return ['public', 'internal', 'personal', 'sensitive'].includes(text);
}
