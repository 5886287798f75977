import path from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeCovidDirectory } from '../../simulator/covid/write-directory.ts';
import { document, phusa } from './command.ts';
import { openServedHome, type ServedHome } from './served-home.ts';

let home: ServedHome;

beforeAll(async () => {
  home = await openServedHome({ solo: false });
  const directory = path.join(home.files, 'covid');
  await writeCovidDirectory({ directory, now: '2025-10-05', from: '2025-10-04' });
  const config = ['--set', `base=${directory}`];
  const { exit, stderr } = await home.run([
    'source',
    'add',
    'covid',
    '--connector',
    'covid-daily',
    ...config,
  ]);
  expect(exit, stderr).toBe(0);
}, 180_000);
afterAll(() => home.remove());

describe('wrong usage', () => {
  it.each([[['frobnicate']], [['ingest', 'covid', '--nope']], [['source', 'add', 'x']]])(
    '%j ends with 2',
    async (words) => {
      const outcome = await phusa(home.home, words);
      expect(outcome.exit).toBe(2);
      expect(outcome.stderr).toMatch(/^Lỗi/m);
      expect(outcome.stdout).toBe('');
    },
  );

  it('a wrong setting ends with 2 and names it', async () => {
    const outcome = await phusa(home.home, ['source', 'list'], { PHUSA_PORT: 'abc' });
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain('PHUSA_PORT');
  });

  it('a home that was never made ends with 2 and names the next step', async () => {
    const outcome = await phusa(path.join(home.files, 'nowhere'), ['source', 'list', '--json']);
    expect(outcome.exit).toBe(2);
    expect(document(outcome)).toMatchObject({ code: 'home-missing' });
    expect(outcome.stderr).toContain('phusa init');
  });
});

describe('what is not there ends with 4', () => {
  it.each([
    [['source', 'show', 'nothing']],
    [['ingest', 'nothing']],
    [['trace', 'edition:epidemic-bulletin/2020-W01/v1']],
    [['asset', 'show', 'mart.nothing']],
    [['schedule', 'why', 'nothing']],
    [['extract', 'show', 'nothing']],
  ])('%j', async (words) => {
    const { exit, json } = await home.run([...words, '--json']);
    expect(exit).toBe(4);
    expect(json).toMatchObject({ code: 'not-found' });
  });
});

describe('two people', () => {
  it('a source that is not active is not read: exit 2, and the next step is named', async () => {
    const { exit, json, stderr } = await home.run(['ingest', 'covid', '--json']);
    expect(exit).toBe(2);
    expect(z.object({ remedy: z.string() }).parse(json).remedy).toContain(
      'phusa source certify covid',
    );
    expect(stderr).toContain('phusa source certify covid');
  });

  it('nobody approves their own source', async () => {
    const { exit, stderr } = await home.run(['source', 'approve', 'covid']);
    expect(exit, stderr).toBe(4);
    expect(await statusOf('covid')).not.toBe('active');
  });

  it('it is certified against the live source', async () => {
    const { exit, json, stderr } = await home.run([
      'source',
      'certify',
      'covid',
      '--batches',
      '3',
      '--json',
    ]);
    expect(exit, stderr).toBe(0);
    expect(json).toMatchObject({ passed: true, failed: [] });
    expect(await statusOf('covid')).toBe('certified');
  });

  it('another person, by token, does; then it is read', async () => {
    const password = { PASSWORD: 'mat-khau-thu-nghiem-du-dai' };
    const user = ['user', 'add', 'duyet', '--role', 'steward', '--password-env', 'PASSWORD'];
    expect((await home.run(user, password)).exit).toBe(0);
    const issued = await home.run([
      'token',
      'add',
      'may-duyet',
      '--user',
      'duyet',
      '--days',
      '1',
      '--json',
    ]);
    const { bearer } = z.looseObject({ bearer: z.string() }).parse(issued.json);
    const approved = await home.run(['source', 'approve', 'covid', '--json'], {
      PHUSA_TOKEN: bearer,
    });
    expect(approved.exit, approved.stderr).toBe(0);
    expect(approved.json).toMatchObject({ status: 'active' });
    const { exit, json } = await home.run(['ingest', 'covid', '--json']);
    expect(exit).toBe(0);
    expect(json).toMatchObject({ source: 'covid', status: 'ok' });
  });

  it('a token that is not one ends with 4', async () => {
    const { exit } = await home.run(['source', 'list'], { PHUSA_TOKEN: 'phusa_wrong' });
    expect(exit).toBe(4);
  });

  async function statusOf(name: string): Promise<string> {
    const { json } = await home.run(['source', 'show', name, '--json']);
    return z.looseObject({ status: z.string() }).parse(json).status;
  }
});

describe('two processes', () => {
  it('a second command uses the running server', async () => {
    const sql = 'select count(*) from staging.covid_report';
    const outcome = await phusa(home.home, ['query', sql, '--json']);
    expect(outcome.exit, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ rows: [[expect.stringMatching(/^[1-9]/)]] });
  });

  it('a second server is refused', async () => {
    const outcome = await phusa(home.home, ['start']);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain('home-in-use');
  });
});

describe('--json prints exactly one document, logs go to standard error', () => {
  it.each([
    [['source', 'list']],
    [['connector', 'list']],
    [['connector', 'show', 'covid-daily']],
    [['asset', 'list']],
    [['report', 'list']],
    [['report', 'editions']],
    [['schedule', 'list']],
    [['quarantine', 'list']],
    [['indicator', 'list']],
    [['extract', 'datasets']],
    [['user', 'list']],
    [['ingest', 'covid']],
    [['audit', 'verify']],
    [['doctor']],
  ])('%j', async (words) => {
    // `run` parses the whole of standard output as one document.
    const { exit, stdout, stderr } = await home.run([...words, '--json']);
    expect(exit, stderr).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });
});

describe('the journal', () => {
  it('is intact, and a changed entry is found', async () => {
    const before = await home.run(['audit', 'verify', '--json']);
    expect(before.exit, before.stderr).toBe(0);
    expect(before.json).toMatchObject({ intact: true, problems: [] });
    await home.stop();
    changeEntry(path.join(home.home, 'control.db'));
    await home.start();
    const after = await home.run(['audit', 'verify', '--json']);
    expect(after.json).toMatchObject({ intact: false });
    expect(after.exit).toBe(1);
  });
});

const triggerSchema = z.array(z.object({ name: z.string() }));

/** Someone with write access to the file removes its guards and rewrites who added the source. */
function changeEntry(file: string): void {
  const db = new Libsql(file);
  try {
    const triggers = db.prepare("select name from sqlite_master where type = 'trigger'").all();
    for (const { name } of triggerSchema.parse(triggers)) db.exec(`drop trigger "${name}"`);
    const { changes } = db
      .prepare(
        "update journal set actor = 'khac' where kind = 'source.added' and subject = 'covid'",
      )
      .run();
    expect(changes).toBe(1);
  } finally {
    db.close();
  }
}
