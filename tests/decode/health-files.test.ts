import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseLists } from '../../connectors/case-lists/connector.ts';
import { dhis2 } from '../../connectors/dhis2/connector.ts';
import { fhirBulk } from '../../connectors/fhir-bulk/connector.ts';
import { insuranceClaims } from '../../connectors/insurance-claims/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const here = dirname(fileURLToPath(import.meta.url));
const shared = join(here, '../../../shared/data');
const golden = join(here, 'health-golden');
const listed = readFileSync(join(here, '../../docs/formats.md'), 'utf8');

let home: SourceHome;
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(() => home.remove());
const coverage: (readonly [string, string, string])[] = [];
afterAll(() => {
  if (coverage.length > 0) console.info(coverage.map((row) => row.join(' | ')).join('\n'));
});

/** Each folder holds files that our own generators wrote, and `expected.<table>.csv` of the rows they are. */
describe('golden folders', () => {
  it.each([
    [
      'insurance-claims',
      () => home.ingest(insuranceClaims, { base: join(golden, 'insurance-claims') }),
    ],
    ['case-lists', () => home.ingest(caseLists, { base: join(golden, 'case-lists/input') })],
    ['fhir-bulk', () => home.ingest(fhirBulk, { base: join(golden, 'fhir-bulk') })],
  ])('%s', async (folder, ingest) => {
    const { failure, batches } = await ingest();
    expect([failure, batches.map(({ status }) => status)]).toEqual([
      undefined,
      batches.map(() => 'published'),
    ]);
    const expected = readdirSync(join(golden, folder)).filter((name) =>
      name.startsWith('expected.'),
    );
    expect(expected.length).toBeGreaterThan(0);
    for (const name of expected) {
      const table = name.slice('expected.'.length, -'.csv'.length);
      const [header = '', ...lines] = readFileSync(join(golden, folder, name), 'utf8')
        .trim()
        .split('\n');
      const columns = header.split(',').map((one) => `coalesce(${one}::varchar, '')`);
      const rows = await home.rows(`select ${columns.join(', ')} from staging.${table}`);
      expect([table, rows.map((row) => row.join(',')).sort()]).toEqual([table, lines.sort()]);
    }
  });
});

describe.skipIf(!existsSync(shared))('files made by others', () => {
  it('FHIR: every file is read, or refused in docs/formats.md', async () => {
    const folder = join(shared, 'health-fhir/10-patients');
    const { batches } = await home.ingest(fhirBulk, { base: folder });
    for (const name of readdirSync(folder)) {
      const type = name.split('.')[0] ?? '';
      const count = batches[0]?.counts[`fhir_${type.toLowerCase()}`];
      const lines = readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      if (count !== undefined) expect([name, count.received]).toEqual([name, lines.length]);
      else expect(listed).toMatch(new RegExp(`\`${type}(\\.\\*|\\.ndjson)\``));
      const outcome =
        count === undefined ? 'refused: docs/formats.md' : `${String(count.received)} rows`;
      coverage.push(['health-fhir', name, outcome]);
    }
  });

  it('DHIS2: every JSON, CSV and XML file is read, held or refused with a reason', async () => {
    const root = join(shared, 'health-dhis2');
    const lenient = {
      ...dhis2,
      streams: (config: Parameters<typeof dhis2.streams>[0]) =>
        dhis2.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
    };
    const folders = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => statSync(join(root, name)).isDirectory() && !name.startsWith('analytics-scenarios'),
    );
    for (const folder of folders) {
      const { batches, failure } = await home.ingest(lenient, { base: join(root, folder) });
      for (const { key, counts, findings } of batches) {
        const rows = Object.values(counts).reduce((sum, { received }) => sum + received, 0);
        const outcome =
          findings.length === 0 ? `${String(rows)} rows` : `refused: ${findings.join()}`;
        expect([key, outcome]).not.toEqual([key, 'refused: unexpected']);
        coverage.push(['health-dhis2', join(folder, key), outcome]);
      }
      if (failure !== undefined) {
        expect(failure.code).toBe('file-secret');
        coverage.push(['health-dhis2', folder, `refused: ${failure.code}`]);
      }
    }
    expect(coverage.filter(([group]) => group === 'health-dhis2').length).toBeGreaterThan(30);
  });
});
