import type { JsonObject } from '../core/json.ts';
import type { StateKind, StateRow } from './port.ts';

/** Every state that is a fold of the journal. */
export const stateKinds = [
  'home',
  'agency',
  'user',
  'token',
  'secret',
  'source',
  'run',
  'batch',
  'asset',
  'schedule',
  'slot',
  'edition',
  'delivery',
  'extract',
] as const satisfies readonly StateKind[];

/** Kinds that are recorded and change no state. */
const stateless = ['access', 'note'];

/** What the fold needs of an entry. */
export interface Foldable {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly data: JsonObject;
}

/** A state row with its kind and the seq of its first entry, by which lists are ordered. */
export interface FoldedRow extends StateRow {
  readonly kind: StateKind;
  readonly createdSeq: number;
}

/** The state an entry changes: the part before the dot; undefined for `access.*` and `note.*`. */
export function stateOf(kind: string): StateKind | undefined {
  const name = kind.slice(0, kind.indexOf('.'));
  return stateKinds.find((state) => state === name);
}

/** Whether a kind of entry may be recorded at all: a known state or a stateless kind, a dot, a verb. */
export function isJournalKind(kind: string): boolean {
  const [name = '', verb = ''] = kind.split('.', 2);
  return verb !== '' && (stateless.includes(name) || stateOf(kind) !== undefined);
}

/**
 * The one rule that turns the journal into state: a shallow merge of the row with the entry's data; `data.status`
 * becomes the status; the first entry gives the time of creation and the last that of change.
 */
export function fold(before: FoldedRow | undefined, entry: Foldable, kind: StateKind): FoldedRow {
  const { status } = entry.data;
  return {
    kind,
    id: entry.subject,
    status: typeof status === 'string' ? status : (before?.status ?? ''),
    data: { ...before?.data, ...entry.data },
    createdAt: before?.createdAt ?? entry.at,
    updatedAt: entry.at,
    createdSeq: before?.createdSeq ?? entry.seq,
    seq: entry.seq,
  };
}
