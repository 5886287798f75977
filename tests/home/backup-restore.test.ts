import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../core/configuration.ts';
import type { JsonObject } from '../../core/json.ts';
import { backupHome } from '../../home/backup-home.ts';
import { initHome } from '../../home/init-home.ts';
import { maintainHome } from '../../home/maintain-home.ts';
import { rebuildHome } from '../../home/rebuild-home.ts';
import { restoreHome } from '../../home/restore-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { openTestHome, withWarehouse } from '../end-to-end/opened-home.ts';

const header =
  'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';
const line = (province: string, confirmed: number) =>
  `,,${province},Vietnam,2021-05-02 04:21:00,,,${confirmed},1,2,,"${province}, Vietnam",,`;
const day = (...confirmed: readonly number[]) =>
  `${header}\n${confirmed.map((n, i) => line(`Tỉnh ${i}`, n)).join('\n')}\n`;

let root: string;
let home: string;
let backup: string;
const configurationOf = (directory: string) => readConfiguration({ PHUSA_HOME: directory });
const quiet = () => undefined;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'phusa-backup-'));
  home = path.join(root, 'home');
  backup = path.join(root, 'ngày.tar');
  const daily = path.join(root, 'daily');
  await mkdir(daily);
  await initHome({ solo: true }, { PHUSA_HOME: home });
  const opened = await openTestHome(home);
  try {
    const { sources, assets } = opened.services;
    const config = { base: daily };
    await writeFile(path.join(daily, '05-01-2021.csv'), day(10, 20, 30));
    await sources.add(systemCall(), {
      name: 'jhu',
      connector: 'covid-daily',
      config,
      owner: 'local',
    });
    await sources.approve(systemCall(), 'jhu').catch(() => undefined);
    await sources.ingest(systemCall(), 'jhu', {});
    await writeFile(path.join(daily, '05-02-2021.csv'), day(11, 21, 31));
    await writeFile(path.join(daily, '05-01-2021.csv'), day(10, 20, 35));
    const result = await sources.ingest(systemCall(), 'jhu', {});
    expect(result.status).toBe('ok');
    await assets.build(systemCall(), {});
  } finally {
    await opened.close();
  }
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

async function contentOf(directory: string): Promise<readonly unknown[]> {
  return await withWarehouse(directory, async (warehouse) => {
    const current = await warehouse.select(
      'select report_day, province, confirmed, _batch, _recorded_from from staging.covid_report order by all',
    );
    const before = await warehouse.select(
      'select report_day, province, confirmed, _recorded_from, _recorded_to from history.covid_report order by all',
    );
    return [current.rows, before.rows, await warehouse.contentHash('mart.covid_daily_total')];
  });
}

async function journalOf(directory: string): Promise<JsonObject> {
  const opened = await openTestHome(directory);
  try {
    const { intact, entries, problems } = await opened.store.verify();
    return { intact, entries, problems: problems.length };
  } finally {
    await opened.close();
  }
}

describe('rebuild', () => {
  it('R6: landed bytes and journal give the same warehouse: values, batches, recorded times', async () => {
    const before = await contentOf(home);
    expect(before[1]).toHaveLength(1);
    const journal = await journalOf(home);
    const result = await rebuildHome({ verify: true }, configurationOf(home), quiet);
    expect(result).toMatchObject({ equal: true, differences: [] });
    expect(Number(result['tables'])).toBeGreaterThan(20);
    expect(Number(result['batches'])).toBeGreaterThan(2);
    expect(await contentOf(home)).toEqual(before);
    expect(await journalOf(home)).toEqual(journal);
    expect(await readdir(path.join(home, 'tmp'))).not.toContain('rebuild');
  }, 120_000);

  it('C22: --verify finds a value, a batch or a time that was changed behind our back; rebuild puts it right', async () => {
    const before = await contentOf(home);
    for (const [change, table] of [
      [
        `update staging.covid_report set confirmed = 99 where confirmed = 35`,
        'staging.covid_report',
      ],
      [`update staging.covid_report set _batch = 'x' where confirmed = 21`, 'staging.covid_report'],
      [
        `update history.covid_report set _recorded_to = _recorded_to + interval 1 second`,
        'history.covid_report',
      ],
    ] as const) {
      await tamper(change);
      const verdict = await rebuildHome({ verify: true }, configurationOf(home), quiet);
      expect(verdict['equal'], change).toBe(false);
      expect(JSON.stringify(verdict['differences'])).toContain(table);
      await maintainHome({ kind: 'rebuild', verify: false }, { PHUSA_HOME: home }, quiet);
      expect(await contentOf(home)).toEqual(before);
    }
    const verdict = await rebuildHome({ verify: true }, configurationOf(home), quiet);
    expect(verdict['equal']).toBe(true);
  }, 240_000);

  async function tamper(sql: string): Promise<void> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(path.join(home, 'warehouse.duckdb'));
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  }
});

describe('backup and restore', () => {
  it('R13: what was backed up comes back whole: figures, history, journal, files', async () => {
    const made = await backupHome(backup, configurationOf(home), quiet);
    expect(made).toMatchObject({ backup, home });
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    const copy = path.join(root, 'copy');
    const restored = await restoreHome(backup, configurationOf(copy), quiet);
    expect(restored).toMatchObject({ home: copy, entries: made['entries'] ?? null });
    expect(await contentOf(copy)).toEqual(await contentOf(home));
    expect(await journalOf(copy)).toMatchObject({ intact: true });
    const verdict = await rebuildHome({ verify: true }, configurationOf(copy), quiet);
    expect(verdict['equal']).toBe(true);
  }, 120_000);

  it('an ordinary tar reads it', async () => {
    const { execFileSync } = await import('node:child_process');
    const names = execFileSync('tar', ['-tf', backup], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toContain('control.db');
    expect(names).toContain('home.key');
    expect(names.at(-2)).toBe('warehouse.duckdb');
    expect(names.at(-1)).toBe('phusa-backup.json');
    expect(names.some((name) => /^landing\/sha256\/..\/[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  it('a home that is there is never touched', async () => {
    const before = await contentOf(home);
    await expect(restoreHome(backup, configurationOf(home), quiet)).rejects.toMatchObject({
      code: 'home-exists',
    });
    expect(await contentOf(home)).toEqual(before);
    await expect(backupHome(backup, configurationOf(home), quiet)).rejects.toMatchObject({
      code: 'file-exists',
    });
  });

  it('C15: nor backed up while another process has it', async () => {
    const { spawn } = await import('node:child_process');
    const file = JSON.stringify(path.join(home, 'warehouse.duckdb'));
    const script = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
      await DuckDBInstance.create(${file}); process.stdout.write('open'); setInterval(() => 0, 1000); })`;
    const owner = spawn(process.execPath, ['-e', script]);
    try {
      await new Promise((said) => owner.stdout.once('data', said));
      const other = path.join(root, 'other.tar');
      await expect(backupHome(other, configurationOf(home), quiet)).rejects.toMatchObject({
        code: 'home-in-use',
      });
      expect(await readdir(root)).not.toContain('other.tar');
    } finally {
      owner.kill();
    }
  });

  it('R8: a changed byte anywhere, a cut end, another file: refused, and no home is left', async () => {
    const { size } = await stat(backup);
    const copy = path.join(root, 'damaged.tar');
    const places = Array.from({ length: 12 }, (_, n) => Math.floor((size * (n + 0.5)) / 12));
    for (const at of places) {
      await copyFile(backup, copy);
      const bytes = await readFile(copy);
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      await writeFile(copy, bytes);
      await refused(copy, `byte ${at}`);
    }
    const whole = await readFile(backup);
    for (const length of [0, 100, Math.floor(size / 2), size - 2048]) {
      await writeFile(copy, whole.subarray(0, length));
      await refused(copy, `${length} bytes`);
    }
    await writeFile(copy, 'không phải bản sao lưu');
    await refused(copy, 'text');
    await expect(
      restoreHome(path.join(root, 'none.tar'), configurationOf(path.join(root, 'no')), quiet),
    ).rejects.toMatchObject({ code: 'file-not-found' });
  }, 120_000);

  it('H01: a path that leads out of the home is refused', async () => {
    for (const name of ['../ra-ngoai', '/etc/ra-ngoai', 'a/../../b', 'a\\b', 'a/./b']) {
      const evil = path.join(root, 'evil.tar');
      const archive = pack();
      archive.entry({ name }, 'x');
      archive.finalize();
      await writeFile(evil, await buffer(archive));
      await refused(evil, name);
      expect(await readdir(root)).not.toContain('ra-ngoai');
    }
  });

  it('H01: a link in a backup is refused', async () => {
    const evil = path.join(root, 'evil.tar');
    const archive = pack();
    archive.entry({ name: 'landing', type: 'symlink', linkname: '/etc' });
    archive.finalize();
    await writeFile(evil, await buffer(archive));
    await refused(evil, 'link');
  });

  async function refused(file: string, why: string): Promise<void> {
    const target = path.join(root, 'never');
    const error = await restoreHome(file, configurationOf(target), quiet).then(
      () => undefined,
      (caught: unknown) => caught as { readonly code: string },
    );
    expect(error?.code, why).toBe('backup-damaged');
    expect(await readdir(root)).not.toContain('never');
    expect(await readdir(root)).not.toContain('never.restoring');
  }
});
