import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/port.ts';
import type { JsonObject } from '../../core/json.ts';
import { balances } from '../../core/load-counts.ts';
import type { Logger } from '../../core/logger.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

/** A source that a connector is tried on. */
export interface ConnectorTrial {
  readonly config: JsonObject;
  readonly options?: IngestOptions;
  /** Configurations that the schema must refuse, with the number of problems it must name. */
  readonly badConfigs: readonly (readonly [unknown, number])[];
  /** Makes every following answer or file hostile: cut, garbage. The connector may fail, never crash or publish. */
  spoil(how: 'cut' | 'garbage'): Promise<void>;
  close(): Promise<void>;
}

/** What every connector has to do, tried on a source of its own kind. */
export function describeConnector<C extends JsonObject>(
  connector: Connector<C>,
  setUp: () => Promise<ConnectorTrial>,
): void {
  describe(`connector ${connector.name}`, () => {
    let home: SourceHome;
    let trial: ConnectorTrial;
    beforeEach(async () => {
      home = await openSourceHome();
      trial = await setUp();
    });
    afterEach(async () => {
      await trial.close();
      await home.remove();
    });
    const ingest = (more: IngestOptions = {}) =>
      home.ingest(connector, trial.config, { ...trial.options, ...more });

    it('declares itself: version, labels in both languages, contracts with known keys', () => {
      expect(connector.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(connector.version).toMatch(/^\d+\.\d+\.\d+$/);
      for (const text of [connector.label, connector.description])
        expect(text.vi && text.en).toBeTruthy();
      for (const stream of connector.streams(connector.config.parse(trial.config))) {
        const names = stream.columns.map(({ name }) => name);
        expect(names).toEqual([...new Set(names)]);
        expect(names).toEqual(expect.arrayContaining([...stream.key, ...(stream.partition ?? [])]));
        expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
      }
    });

    it('names all problems of a configuration at once', () => {
      for (const [config, problems] of trial.badConfigs) {
        const read = connector.config.safeParse(config);
        expect(read.error?.issues.length ?? 0).toBeGreaterThanOrEqual(problems);
      }
    });

    it('publishes what it reads; every count balances; rows keep the contract', async () => {
      const { batches, failure } = await ingest();
      expect(failure).toBeUndefined();
      expect(batches.map(({ key, status, findings }) => [key, status, findings])).toEqual(
        batches.map(({ key, findings }) => [key, 'published', findings]),
      );
      expect(batches.flatMap(({ counts }) => Object.values(counts)).every(balances)).toBe(true);
      expect(batches.length).toBeGreaterThan(0);
      expect(new Set(batches.map(({ key }) => key)).size).toBe(batches.length);
    });

    it('changes nothing when read again in full', async () => {
      await ingest();
      const again = await ingest({ full: true });
      const moved = again.batches
        .flatMap(({ counts }) => Object.values(counts))
        .filter(({ changed, deleted, new: fresh }) => fresh + changed + deleted > 0);
      expect([again.failure, moved]).toEqual([undefined, []]);
    });

    it('goes on after a position: the rest of the batches, none twice', async () => {
      const positions: { key: string; position: IngestOptions['position'] }[] = [];
      const whole = await ingest({
        onBatch: ({ key, position }) => void positions.push({ key, position }),
      });
      const middle = positions[Math.floor((positions.length - 1) / 2)];
      const rest = await ingest({ position: middle?.position });
      const keys = whole.batches.map(({ key }) => key);
      expect(rest.batches.map(({ key }) => key)).toEqual(
        keys.slice(keys.indexOf(middle?.key ?? '') + 1),
      );
    });

    it('V9 J06 leaves no secret in receipts, logs or outcomes', async () => {
      const lines: string[] = [];
      const outcome = await ingest({ log: recorder(lines) });
      const kept = [...lines, JSON.stringify(outcome), ...receiptsUnder(home.landingRoot)].join(
        '\n',
      );
      for (const secret of Object.values(trial.options?.secrets ?? {}))
        expect(kept).not.toContain(secret);
      expect(kept).not.toMatch(/bearer\s+\w/i);
    });

    it.each(['cut', 'garbage'] as const)(
      'ends in a reason, publishing nothing, when everything is %s',
      async (how) => {
        await trial.spoil(how);
        const { batches, failure } = await ingest();
        expect(batches.filter(({ status }) => status === 'published')).toEqual([]);
        expect(failure ?? batches.find(({ findings }) => findings.length > 0)).toBeDefined();
        const groups = [failure, ...batches.map((batch) => batch.failure)].flatMap((one) =>
          one ? [one.code] : [],
        );
        expect(groups).not.toContain('unexpected');
      },
    );
  });
}

function recorder(lines: string[]): Logger {
  const keep = (event: string, facts?: JsonObject) =>
    void lines.push(`${event} ${JSON.stringify(facts ?? {})}`);
  return { debug: keep, info: keep, warn: keep, error: keep };
}

function receiptsUnder(root: string): readonly string[] {
  return readdirSync(join(root, 'receipts'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
