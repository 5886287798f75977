import type { Connector } from '../../connectors/port.ts';
import type { JournalWriter, StateRow } from '../../control/port.ts';
import { asJson, objectMember, optionalText, textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import { breakingChanges, readShape, shapeOf, type SourceShape } from '../breaking-changes.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';

/** Pins what the present release of a connector makes of a configuration: the member `release` of a source's entry. */
export async function pinRelease(
  journal: JournalWriter,
  connector: Connector,
  config: JsonObject,
): Promise<JsonObject> {
  const shape = await journal.define(JSON.stringify(asJson(shapeOf(connector, config))));
  return { release: { connector: connector.version, shape } };
}

/** The shape that a source had when it was approved last, or ran first; undefined before that. */
export async function pinnedShape(
  { store }: Pick<IngestDependencies, 'store'>,
  { data }: StateRow,
): Promise<SourceShape | undefined> {
  const sha256 = optionalText(objectMember(data, 'release'), 'shape');
  const text = sha256 === undefined ? undefined : await store.definition(sha256);
  return text === undefined ? undefined : readShape(text);
}

/**
 * Compares a new release of a source's connector with the one that was pinned. One that takes something away from readers
 * pauses the source and asks; any other is pinned and goes on.
 */
export async function followRelease(
  deps: Pick<IngestDependencies, 'store' | 'connector'>,
  name: string,
): Promise<void> {
  const row = await deps.store.get('source', name);
  if (row?.status !== 'active') return;
  const connector = deps.connector(textMember(row.data, 'connector'));
  const pinned = optionalText(objectMember(row.data, 'release'), 'connector');
  if (pinned === connector.version) return;
  const config = connector.config.parse(objectMember(row.data, 'config'));
  const before = await pinnedShape(deps, row);
  const asks = before === undefined ? [] : breakingChanges(before, shapeOf(connector, config));
  await deps.store.decide(async (journal) => {
    const data =
      asks.length > 0
        ? { status: 'paused', pausedBy: 'release', asks: asks.map(asJson) }
        : await pinRelease(journal, connector, config);
    await journal.record({
      kind: asks.length > 0 ? 'source.paused' : before ? 'source.upgraded' : 'source.pinned',
      subject: name,
      actor: 'system',
      data: { ...data, connectorVersion: connector.version },
    });
  });
}
