import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { caseLists } from '../../connectors/case-lists/connector.ts';
import { dhis2 } from '../../connectors/dhis2/connector.ts';
import { fhirBulk } from '../../connectors/fhir-bulk/connector.ts';
import { insuranceClaims } from '../../connectors/insurance-claims/connector.ts';
import {
  writeCaseDirectory,
  writeClaimDirectory,
} from '../../simulator/health/write-directories.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import { ledger, ledgerCounts, smallCity } from './start.ts';

const world = { now: '2026-03-15', scale: 0.05, years: 0.2 } as const;
const at = new Date('2026-03-15T23:59:59+07:00');

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-health-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const rowsOf = async (stream: string) => {
  const city = await smallCity(world);
  return await ledger(city, stream, '2022-01-01', world.now);
};
const texts = (rows: readonly Readonly<Record<string, unknown>>[], ...names: readonly string[]) =>
  rows.map((row) => names.map((name) => String(row[name]))).sort();

it('claims: every claim of the ledger with its lines and amounts, corrections and taken-back lines included', async () => {
  const names = await writeClaimDirectory({ directory, ...world });
  expect(names).toEqual([...names].sort());
  const { batches, failure } = await home.ingest(insuranceClaims, { base: directory });
  expect([failure, batches.filter(({ status }) => status !== 'published')]).toEqual([
    undefined,
    [],
  ]);
  const expected = await rowsOf('health_claims');
  expect(expected.length).toBeGreaterThan(100);
  const rows = await home.rows(`select c.facility_code, c.treatment_code, c.main_disease_code,
      c.hospital_total::bigint::varchar,
      (select count(*) from staging.claim_drug d where d.facility_code = c.facility_code and d.treatment_code = c.treatment_code)::varchar,
      (select count(*) from staging.claim_service s where s.facility_code = c.facility_code and s.treatment_code = c.treatment_code)::varchar,
      c.insurer_part_matches::varchar
    from staging.claim c`);
  expect([...rows].sort()).toEqual(
    texts(
      expected,
      'facility',
      'treatment',
      'disease',
      'total',
      'drug_lines',
      'service_lines',
      'agrees',
    ),
  );
  expect(
    await home.rows(
      `select count(*)::varchar from staging.claim where not (hospital_total_matches and patient_copayment_matches)`,
    ),
  ).toEqual([['0']]);
  expect(batches.some(({ counts }) => (counts['claim_drug']?.deleted ?? 0) > 0)).toBe(true);
}, 60_000);

it('FHIR: a whole export, and what changed since an earlier day, give the ledger of the later day', async () => {
  const early = await smallCity({ ...world, now: '2026-02-20' });
  const config = (base: string) => ({ base: `${base}/fhir`, signIn: { kind: 'bearer' } });
  const options = { secrets: { token: 'mo-phong-fhir' }, now: at };
  const first = await home.ingest(fhirBulk, config(early.url), options);
  expect([first.failure, first.batches[0]?.status]).toEqual([undefined, 'published']);
  const city = await smallCity({ ...world, now: '2026-03-15', years: 0.2 + 23 / 365 });
  const second = await home.ingest(fhirBulk, config(city.url), {
    ...options,
    cursor: first.cursor,
  });
  expect([second.failure, second.batches[0]?.status]).toEqual([undefined, 'published']);
  const rows =
    await home.rows(`select e.resource_id, e.start_on::varchar, e.organization_id, c.condition_code
    from staging.fhir_encounter e left join staging.fhir_condition c on c.encounter_id = e.resource_id
    where e.start_on >= date '2026-01-15'`);
  const expected = (await ledger(city, 'health_encounters', '2022-01-01', world.now)).filter(
    (row) => String(row['started_on']) >= '2026-01-15',
  );
  expect([...rows].sort()).toEqual(
    texts(expected, 'encounter', 'started_on', 'facility', 'disease'),
  );
}, 60_000);

it('FHIR: faults on demand are overcome or told', async () => {
  const config = (base: string) => ({
    base: `${base}/fhir`,
    signIn: { kind: 'bearer' },
    types: ['Organization'],
  });
  const options = { secrets: { token: 'mo-phong-fhir' } };
  for (const kind of ['http500', 'http429', 'reset', 'slow', 'truncate']) {
    const faults = [{ path: '/fhir/jobs/1/', kind, delayMs: 500 }] as never;
    const city = await smallCity({ ...world, faults });
    const { failure, batches } = await home.ingest(fhirBulk, config(city.url), options);
    expect([kind, failure, batches[0]?.counts['fhir_organization']?.received]).toEqual([
      kind,
      undefined,
      12,
    ]);
  }
  const city = await smallCity({ ...world, faults: [{ path: '/fhir/jobs/1/', kind: 'html200' }] });
  const { failure, batches } = await home.ingest(fhirBulk, config(city.url), options);
  expect([batches, failure?.group]).toEqual([[], 'data']);
}, 60_000);

it('DHIS2: the values of the ledger, corrected and deleted ones included', async () => {
  const city = await smallCity({ ...world, years: 0.6 });
  const config = {
    base: `${city.url}/dhis2`,
    username: 'ioc-haiphong',
    dataSets: ['BaoCaoThang'],
    orgUnits: ['HaiPhongCty'],
    pageSize: 20,
  };
  const { failure } = await home.ingest(dhis2, config, {
    secrets: { password: 'mo-phong' },
    now: at,
  });
  expect(failure).toBeUndefined();
  const expected = await ledger(city, 'health_values', '2022-01-01', world.now);
  expect(expected.length).toBeGreaterThan(50);
  expect(
    [
      ...(await home.rows(
        'select data_element, period_id, org_unit, value_number::bigint::varchar from staging.health_value',
      )),
    ].sort(),
  ).toEqual(texts(expected, 'element', 'period', 'unit', 'value'));
  expect(await home.rows(`select count(*)::varchar from staging.health_org_unit`)).toEqual([
    ['13'],
  ]);
}, 60_000);

it('case lists: two generations of headers, classes settled a week later, mistakes taken back', async () => {
  await writeCaseDirectory({ directory, ...world });
  const { batches, failure } = await home.ingest(caseLists, { base: directory });
  expect([failure, batches.filter(({ status }) => status !== 'published')]).toEqual([
    undefined,
    [],
  ]);
  const codes = { 'Nghi ngờ': 'suspected', 'Xác định': 'confirmed', 'Loại trừ': 'excluded' };
  const expected = (await rowsOf('health_cases')).map((row) => ({
    ...row,
    class: codes[String(row['class']) as keyof typeof codes],
  }));
  expect(
    [
      ...(await home.rows('select case_code, disease_code, case_class from staging.disease_case')),
    ].sort(),
  ).toEqual(texts(expected, 'case', 'disease', 'class'));
}, 60_000);

it('is the same whatever the last day, says it is simulated, and has 20,000 visits a year at scale 1', async () => {
  const later = mkdtempSync(join(tmpdir(), 'phusa-health-'));
  await writeCaseDirectory({ directory, ...world });
  await writeCaseDirectory({ directory: later, ...world, now: '2026-03-22', from: '2026-01-18' });
  for (const name of readdirSync(directory).filter((one) => one >= 'ca-benh_20260118'))
    expect(readFileSync(join(later, name), 'utf8')).toBe(
      readFileSync(join(directory, name), 'utf8'),
    );
  expect(readFileSync(join(directory, readdirSync(directory)[0] ?? ''), 'utf8')).toContain(
    'mô phỏng',
  );
  rmSync(later, { recursive: true });
  const city = await smallCity({ now: '2026-03-15', scale: 1, years: 1 });
  const { rows } = await ledgerCounts(city, 'health_encounters', '2022-01-01', '2026-03-15');
  expect(Number(rows)).toBeGreaterThan(19_000);
  expect(Number(rows)).toBeLessThan(21_000);
}, 60_000);
