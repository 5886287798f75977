import { findConnector } from '../connectors/registry.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { objectMember, textMember } from '../core/json-member.ts';
import type { StreamContract } from '../core/stream-contract.ts';
import type { OwnedContract } from '../services/asset-services.ts';

/** A registered source with the contracts of its streams. */
export interface SourceStreams {
  readonly name: string;
  readonly owner: string;
  readonly contracts: readonly StreamContract[];
}

/** Sources that are not removed, with their streams. */
export async function registeredSources(store: ControlStore): Promise<readonly SourceStreams[]> {
  const page = await store.list('source', { limit: 1000, order: 'oldest' });
  return page.rows.filter(({ status }) => status !== 'removed').flatMap(sourceStreams);
}

/** Sources that are read. */
export async function activeSources(store: ControlStore): Promise<readonly SourceStreams[]> {
  const page = await store.list('source', { status: ['active'], limit: 1000, order: 'oldest' });
  return page.rows.flatMap(sourceStreams);
}

/** Every stream of every registered source with its owner. */
export async function ownedContracts(store: ControlStore): Promise<readonly OwnedContract[]> {
  const sources = await registeredSources(store);
  return sources.flatMap(({ name, owner, contracts }) =>
    contracts.map((contract) => ({ contract, source: name, owner })),
  );
}

function sourceStreams(row: StateRow): readonly SourceStreams[] {
  const connector = findConnector(textMember(row.data, 'connector'));
  if (!connector) return [];
  const contracts = connector.streams(connector.config.parse(objectMember(row.data, 'config')));
  return [{ name: row.id, owner: textMember(row.data, 'owner'), contracts }];
}
