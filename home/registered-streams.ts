import { findConnector } from '../connectors/registry.ts';
import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, textMember } from '../core/json-member.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import type { OwnedContract } from '../services/hidden-columns.ts';

/** A registered source with the contracts of its streams. */
export interface SourceStreams {
  readonly name: string;
  readonly owner: string;
  readonly contracts: readonly StreamContract[];
}

/** Sources that are read. */
export async function activeSources(store: ControlStore): Promise<readonly SourceStreams[]> {
  const rows = await allRows(store, 'source', { status: ['active'], order: 'oldest' });
  return rows.flatMap(sourceStreams);
}

/** Every stream of every source that was ever registered, with its owner: a removed source's rows stay. */
export async function ownedContracts(store: ControlStore): Promise<readonly OwnedContract[]> {
  const rows = await allRows(store, 'source', { order: 'oldest' });
  return rows
    .flatMap(sourceStreams)
    .flatMap(({ name, owner, contracts }) =>
      contracts.map((contract) => ({ contract, source: name, owner })),
    );
}

function sourceStreams(row: StateRow): readonly SourceStreams[] {
  const connector = findConnector(textMember(row.data, 'connector'));
  if (!connector) return [];
  const contracts = connector.streams(connector.config.parse(objectMember(row.data, 'config')));
  return [{ name: row.id, owner: textMember(row.data, 'owner'), contracts }];
}
