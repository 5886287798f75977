import type { AssetHeader } from './asset-header.ts';

/** What a table promises its readers: columns and key. */
export type AssetContract = Pick<AssetHeader, 'columns' | 'key'>;

/** One difference between two versions of a table's contract. */
export interface ContractChange {
  readonly kind: 'added' | 'removed' | 'retyped' | 'unit' | 'classification' | 'key';
  /** The column, or the key's columns. */
  readonly column: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Whether a reader that was right before may now fail or read something else. */
  readonly breaking: boolean;
}

/** Every difference, in the order of the columns: what was removed last. */
export function contractChanges(
  before: AssetContract,
  after: AssetContract,
): readonly ContractChange[] {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const now = new Set(after.columns.map(({ name }) => name));
  const removed = before.columns.filter(({ name }) => !now.has(name));
  return [
    ...keyChange(before.key.join(', '), after.key.join(', ')),
    ...after.columns.flatMap((column) => columnChanges(old.get(column.name), column)),
    ...removed.map(({ name, type }) => change('removed', name, type, null, true)),
  ];
}

type Column = AssetContract['columns'][number];

function columnChanges(before: Column | undefined, after: Column): readonly ContractChange[] {
  const { name } = after;
  if (!before) return [change('added', name, null, after.type, false)];
  return [
    differing('retyped', name, before.type, after.type, true),
    differing('unit', name, before.unit ?? null, after.unit ?? null, true),
    differing('classification', name, before.classification, after.classification, false),
  ].flat();
}

function keyChange(before: string, after: string): readonly ContractChange[] {
  return before === after ? [] : [change('key', after, before, after, true)];
}

function differing(
  kind: ContractChange['kind'],
  column: string,
  before: string | null,
  after: string | null,
  breaking: boolean,
): readonly ContractChange[] {
  return before === after ? [] : [change(kind, column, before, after, breaking)];
}

function change(
  kind: ContractChange['kind'],
  column: string,
  before: string | null,
  after: string | null,
  breaking: boolean,
): ContractChange {
  return { kind, column, before, after, breaking };
}
