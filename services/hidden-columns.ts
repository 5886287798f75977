import type { Person } from '../core/person.ts';
import type { Classification, ColumnContract, StreamContract } from '../core/stream-contract.ts';
import type { ClassesNow } from '../transforms/catalog/inherited-classes.ts';

/** A stream's contract and who owns its source. */
export interface OwnedContract {
  readonly contract: StreamContract;
  readonly source: string;
  readonly owner: string;
}

/** Where the classification of columns is known. */
export interface ClassifiedTables {
  /** Classes of all columns, derived ones by what they are made of. */
  readonly classes: ClassesNow;
  /** Contracts of all streams of every source that was ever registered: a removed source's rows stay. */
  contracts(): Promise<readonly OwnedContract[]>;
}

/**
 * Columns that a person sees masked, as `layer.name.column`: personal and sensitive ones, except for stewards,
 * operators and the owning agency (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15).
 */
export async function hiddenColumns(
  tables: ClassifiedTables,
  person: Person,
): Promise<ReadonlySet<string>> {
  if (person.roles.includes('steward') || person.roles.includes('operator')) return new Set();
  const contracts = await tables.contracts();
  const others = contracts.filter(({ owner }) => owner !== person.agency);
  const owned = new Set(contracts.map(({ contract }) => tableOf(contract)));
  const loaded = others.flatMap(({ contract }) => sensitive(tableOf(contract), contract.columns));
  const classes = await tables.classes(contracts.map(({ contract }) => contract));
  const derived = [...classes]
    .filter(([column, one]) => isProtected(one) && !owned.has(column.replace(/\.[^.]*$/, '')))
    .map(([column]) => column);
  return new Set([...loaded, ...derived]);
}

/** The table a stream is loaded into. */
export function tableOf({ layer, stream }: StreamContract): string {
  return `${layer}.${stream}`;
}

function sensitive(key: string, columns: readonly ColumnContract[]): readonly string[] {
  return columns
    .filter(({ classification }) => isProtected(classification))
    .map(({ name }) => `${key}.${name}`);
}

function isProtected(classification: Classification): boolean {
  return classification === 'personal' || classification === 'sensitive';
}
