import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import { readyManifest, readyManifests } from '../../connectors/manifest/ready-manifest.ts';
import { startCity, type City } from '../../simulator/city.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const now = '2026-11-22';
const at = (day: string) => new Date(`${day}T23:59:59+07:00`);

let home: SourceHome;
let city: City;
beforeEach(async () => {
  home = await openSourceHome();
  city = await startCity({ now, scale: 0.05, years: 1 });
});
afterEach(async () => {
  await city.close();
  await home.remove();
});

/** What the city meant to give, by its own ledger. */
async function ledger(from: string): Promise<readonly Record<string, unknown>[]> {
  const answer = await fetch(`${city.url}/_ledger/citizen_reports.ndjson?from=${from}`);
  const lines = (await answer.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

it('every ready manifest is a right one, but for the settings it asks for', () => {
  for (const name of readyManifests) {
    const given = {
      base: 'http://x.example/',
      user: 'u',
      publisher: 'p',
      asset: 'mart.x',
      key: 'k',
    };
    const asked = Object.entries(given).filter(([key]) =>
      readyManifest(name)?.includes(`config.${key}`),
    );
    const read = manifest.config.safeParse({ ready: name, values: Object.fromEntries(asked) });
    expect([name, read.error?.issues]).toEqual([name, undefined]);
  }
});

describe('Open311 behind its window of 90 days', () => {
  const config = (from: string) => ({
    ready: 'open311',
    values: { base: `${city.url}/open311`, from },
  });

  it('gives every report of a year, as the ledger has them', async () => {
    const outcome = await home.ingest(manifest, config('2025-11-23'), { now: at(now) });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.batches.map(({ status }) => status)).not.toContain('held');
    const expected = (await ledger('2025-11-23')).map((row) => [
      row['report_id'],
      row['service_code'],
      Number(row['status']) >= 3 ? 'closed' : 'open',
      row['requested_at'],
      row['updated_at'],
    ]);
    const rows = await home.rows(`select report_id, service_code, status,
      strftime(requested_at at time zone 'Asia/Ho_Chi_Minh', '%Y-%m-%d %H:%M:%S'),
      strftime(updated_at at time zone 'Asia/Ho_Chi_Minh', '%Y-%m-%d %H:%M:%S')
      from staging.citizen_report order by requested_at, report_id`);
    expect(rows.length).toBeGreaterThan(600);
    expect(rows).toEqual(expected);
  });

  it('sees a report that was closed long after the window: it is asked for again by its number', async () => {
    const before = await startCity({ now: '2026-06-30', scale: 0.05, years: 1 });
    const first = await home.ingest(
      manifest,
      { ready: 'open311', values: { base: `${before.url}/open311`, from: '2026-03-01' } },
      { now: at('2026-06-30') },
    );
    await before.close();
    const second = await home.ingest(manifest, config('2026-03-01'), {
      now: at(now),
      cursor: first.cursor,
    });
    expect([first.failure, second.failure]).toEqual([undefined, undefined]);
    expect(second.batches.at(-1)?.key).toBe('citizen_report:revisit');
    const expected = (await ledger('2026-03-01'))
      .filter((row) => Number(row['status']) < 3)
      .map((row) => row['report_id']);
    const open = await home.rows(
      "select report_id from staging.citizen_report where status = 'open' order by requested_at, report_id",
    );
    expect(open.flat()).toEqual(expected);
    const asked = city.requests().filter(({ path }) => /requests\/\d+\.json/.test(path)).length;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(400);
  });
});

describe('a 1022 hotline', () => {
  const config = { ready: 'hotline-1022', values: { user: 'ioc-haiphong', from: '2026-08-01' } };
  const given = () => ({ ...config, values: { ...config.values, base: `${city.url}/1022` } });
  const options = { now: at(now), secrets: { password: 'mo-phong-1022' } };

  it('gives every report changed since its first day; sessions that end are renewed; numbers as officials write them', async () => {
    const outcome = await home.ingest(manifest, given(), options);
    expect(outcome.failure).toBeUndefined();
    const words: Record<string, string> = {
      'Hài lòng': 'satisfied',
      'Chấp nhận': 'accepted',
      'Không hài lòng': 'dissatisfied',
    };
    const states = ['', 'received', 'in_progress', 'done', 'not_competent'];
    const expected = (await ledger('2025-11-23'))
      .filter((row) => String(row['updated_at']) >= '2026-08-01')
      .map((row) => [
        `1022-${String(row['report_id'])}`,
        states[Number(row['status'])],
        row['commune_code'],
        row['hours'] === null
          ? null
          : Number(text(row['hours']).replaceAll('.', '').replace(',', '.')).toFixed(2),
        row['rating'] === null ? null : words[text(row['rating'])],
        row['updated_at'],
      ]);
    const rows =
      await home.rows(`select report_code, status, commune_code, hours_spent, satisfaction,
      strftime(updated_at, '%Y-%m-%d %H:%M:%S') from staging.hotline_report order by received_at, report_code`);
    expect(rows.length).toBeGreaterThan(200);
    expect(rows).toEqual(expected);
  });

  it('says so when the password is wrong, and leaks nothing', async () => {
    const secrets = { password: 'mat-khau-sai-roi' };
    const outcome = await home.ingest(manifest, given(), { ...options, secrets });
    expect(outcome.failure?.code).toBe('sign-in-refused');
    expect(JSON.stringify(outcome)).not.toContain('mat-khau-sai-roi');
  });

  it.each(['http500', 'http429', 'truncate', 'reset', 'html200', 'expire-token'])(
    'survives one %s',
    async (kind) => {
      await fetch(`${city.url}/_faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind, path: '/1022/phan-anh', times: 1 }),
      });
      const outcome = await home.ingest(manifest, given(), options);
      expect([outcome.failure, outcome.batches.map(({ status }) => status)]).toEqual([
        undefined,
        outcome.batches.map(() => 'published'),
      ]);
    },
  );
});
