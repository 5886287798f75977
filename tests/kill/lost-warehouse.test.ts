import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { readConfiguration } from '../../core/configuration.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { silentLogger } from '../../core/logger.ts';
import { makeHome } from '../../home/home-directory.ts';
import { openHome, type Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { openLandingStore } from '../../warehouse/landing/directory-store.ts';
import { runPhase } from './child-job.ts';
import { homeState, type HomeState } from './home-state.ts';

const call = systemCall();
let root: string;
let directory: string;
let warehouse: string;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'phusa-lost-'));
  directory = path.join(root, 'home');
  warehouse = path.join(directory, 'warehouse.duckdb');
  mkdirSync(path.join(root, 'source'));
  await makeHome(directory, new Date());
  giveStations([
    ['1', 'Đồ Sơn'],
    ['2', 'Cát Bà'],
  ]);
  const home = await open();
  await home.configure({ ...unnamedHome, solo: true, simulated: true });
  await addStations(home);
  await home.services.sources.ingest(call, 'stations', {});
  await home.close();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open(): Promise<Home> {
  return openHome(readConfiguration({ PHUSA_HOME: directory }), {
    log: silentLogger,
    progress: () => undefined,
  });
}

function giveStations(rows: readonly (readonly [string, string])[]): void {
  const text = rows.map((row) => `${row.join(',')}\n`).join('');
  writeFileSync(path.join(root, 'source/station.csv'), `code,name\n${text}`);
}

/** A table of weather stations, read from a directory. */
async function addStations(home: Home): Promise<void> {
  const column = (name: string, vi: string, en: string) => ({
    name,
    type: 'varchar',
    label: { vi, en },
  });
  await home.services.sources.add(call, {
    name: 'stations',
    connector: 'reference-tables',
    config: {
      base: path.join(root, 'source'),
      tables: [
        {
          stream: 'station',
          file: 'station.csv',
          label: { vi: 'Trạm (mô phỏng)', en: 'Station (simulated)' },
          columns: [column('code', 'Mã', 'Code'), column('name', 'Tên', 'Name')],
          key: ['code'],
        },
      ],
    },
  });
}

/** Corrects a station's name and reads it. */
async function correct(): Promise<void> {
  giveStations([
    ['1', 'Đồ Sơn'],
    ['2', 'Cát Hải'],
  ]);
  const home = await open();
  await home.services.sources.ingest(call, 'stations', {});
  await home.close();
}

async function look(): Promise<HomeState> {
  return await homeState(await open(), systemClock);
}

function loseWarehouse(): void {
  for (const file of [warehouse, `${warehouse}.wal`]) rmSync(file, { force: true });
}

describe('a home whose warehouse was lost', () => {
  it('C24 is built again from landed bytes at the next opening, past and present', async () => {
    await correct();
    const before = await look();
    loseWarehouse();
    const home = await open();
    expect(home.settled.reapplied).toBe(2);
    await home.close();
    expect(await look()).toEqual(before);
    expect(before.faults).toEqual([]);
  });

  it('C25 an older copy put back gets the loads it lacks', async () => {
    const copy = path.join(root, 'older.duckdb');
    copyFileSync(warehouse, copy);
    await correct();
    const before = await look();
    loseWarehouse();
    copyFileSync(copy, warehouse);
    const home = await open();
    expect(home.settled.reapplied).toBe(1);
    await home.close();
    expect(await look()).toEqual(before);
  });

  it('L19 is not built again from altered bytes: opening says which, until they are restored', async () => {
    const [sha256, object] = await landedObject();
    const bytes = readFileSync(object);
    const before = await look();
    const altered = Buffer.from(bytes);
    altered.write('Z', altered.indexOf('Cát'));
    writeFileSync(object, altered);
    loseWarehouse();
    await expect(open()).rejects.toMatchObject({ code: 'landed-object-altered' });
    expect(await (await landing()).verify(sha256)).toBe(false);
    writeFileSync(object, bytes);
    expect(await (await landing()).verify(sha256)).toBe(true);
    expect(await look()).toEqual(before);
  });
});

describe('a home that is open', () => {
  it('C15 refuses a second process, which says that it is in use', async () => {
    const home = await open();
    try {
      const second = await runPhase(directory, 'state', '');
      expect(second.code).not.toBe(0);
      expect(second.stderr).toContain('home-in-use');
    } finally {
      await home.close();
    }
  });
});

function landing() {
  return openLandingStore({ root: path.join(directory, 'landing'), clock: systemClock });
}

/** SHA-256 and file of the landed table. */
async function landedObject(): Promise<readonly [string, string]> {
  const home = await open();
  const { rows } = await home.store.list('batch', { status: ['published'] });
  await home.close();
  const [file] = await (await landing()).files(rows[0]?.id ?? '');
  if (!file) throw new Error('nothing was landed');
  return [file.sha256, file.path];
}
