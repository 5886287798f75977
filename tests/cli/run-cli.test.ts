/* eslint-disable @typescript-eslint/require-await -- fakes answer at once where services wait */
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PhusaError } from '../../core/errors.ts';
import { commandTable } from '../../cli/command-table.ts';
import { okResult } from '../portal/fake-services.ts';
import { makeTestHome, type TestHome } from './command-line.ts';

let test: TestHome;
beforeAll(async () => {
  test = await makeTestHome();
});
beforeEach(() => {
  test.services.ingestWith = undefined;
  test.services.calls.length = 0;
});
afterAll(() => test.remove());

const parsed = (text: string): unknown => JSON.parse(text);

describe('the one code path', () => {
  it('serves the home itself for the command when no server runs', async () => {
    const before = test.served;
    const { exit, stdout } = await test.run(['source', 'list', '--json']);
    expect(exit).toBe(0);
    expect(parsed(stdout)).toHaveLength(4);
    expect(test.served).toBe(before + 1);
  });

  it('uses the running server, whose socket only its owner can open', async () => {
    const server = await test.server();
    try {
      const before = test.served;
      expect((await test.run(['source', 'list'])).exit).toBe(0);
      expect(test.served).toBe(before);
      expect((await stat(join(test.home, 'phusa.sock'))).mode & 0o777).toBe(0o600);
    } finally {
      await server.close();
    }
  });

  it('serves over a socket file that a killed process left behind', async () => {
    await writeFile(join(test.home, 'phusa.sock'), '');
    expect((await test.run(['source', 'list'])).exit).toBe(0);
  });

  it('reaches a home whose path is too long for a socket', async () => {
    const long = join(test.home, 'thư-mục-rất-dài-'.repeat(6));
    await mkdir(long, { recursive: true });
    const server = await test.server();
    await server.close();
    const path = await server.listenLocal(long).catch(() => undefined);
    expect(path).toBeDefined();
    expect(Buffer.byteLength(path ?? '')).toBeLessThanOrEqual(100);
    expect(await readFile(join(long, 'socket-path'), 'utf8')).toBe(path);
    await server.close();
  });

  it('waits for a process that owns the home and is about to listen', async () => {
    const listening = new Promise((done) => setTimeout(done, 400)).then(() => test.server());
    const serveHome = (): never => {
      throw new PhusaError({
        group: 'fatal',
        code: 'home-in-use',
        message: { vi: 'Kho đang mở', en: 'The home is in use' },
      });
    };
    const { exit } = await test.run(['source', 'list'], {
      serveHome: () => Promise.resolve().then(serveHome),
    });
    await (await listening).close();
    expect(exit).toBe(0);
  });
});

describe('exit codes', () => {
  it.each([
    ['ok', 0],
    ['empty', 0],
    ['partial', 3],
    ['held', 3],
    ['failed', 1],
    ['cancelled', 1],
  ] as const)('a run that ends %s exits %i', async (status, exit) => {
    test.services.ingestWith = async () => okResult(status);
    const outcome = await test.run(['ingest', 'dvc-hai-phong', '--json']);
    expect(outcome.exit).toBe(exit);
    expect(parsed(outcome.stdout)).toMatchObject({ status, streams: [{ stream: 'dossier' }] });
  });

  it('4 when there is no such thing', async () => {
    const { exit, stderr } = await test.run(['source', 'show', 'khong-co']);
    expect(exit).toBe(4);
    expect(stderr).toContain('not-found');
  });

  it('4 when the person may not, PHUSA_TOKEN naming the person', async () => {
    const env = { PHUSA_HOME: test.home, PHUSA_TOKEN: 'token-auditor' };
    const { exit, stderr } = await test.run(['ingest', 'dvc-hai-phong'], { env });
    expect(exit).toBe(4);
    expect(stderr).toContain('Vai trò của bạn không được phép');
  });

  it('4 when the token is nobody’s, never a step down to the local operator', async () => {
    const env = { PHUSA_HOME: test.home, PHUSA_TOKEN: 'sai' };
    expect((await test.run(['source', 'list'], { env })).exit).toBe(4);
  });

  it('2 for a source that is not active, with the next step', async () => {
    test.services.ingestWith = () =>
      Promise.reject(
        new PhusaError({
          group: 'fatal',
          code: 'source-not-active',
          message: { vi: 'Nguồn chưa hoạt động.', en: 'The source is not active.' },
          remedy: { vi: 'Chạy: phusa source approve', en: 'Run: phusa source approve' },
        }),
      );
    const { exit, stderr } = await test.run(['ingest', 'dvc-hai-phong']);
    expect(exit).toBe(2);
    expect(stderr).toContain('→ Chạy: phusa source approve');
  });

  it('1 for a fault nobody foresaw', async () => {
    test.services.ingestWith = () => Promise.reject(new TypeError('hỏng'));
    expect((await test.run(['ingest', 'dvc-hai-phong'])).exit).toBe(1);
  });

  it.each([
    [['khong-co-lenh'], 'không có lệnh'],
    [['source', 'show'], 'thiếu tham số'],
    [['ingest', 'a', '--sai'], 'không có tùy chọn'],
    [['source', 'add', 'a'], 'thiếu tùy chọn bắt buộc'],
    [['query', 'select 1', '--format', 'xml'], 'không nhận “xml”'],
    [['ingest', 'a', 'b'], 'thừa tham số'],
  ])('2 for wrong usage: %j', async (words, message) => {
    const { exit, stderr } = await test.run(words);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });

  it('2 for wrong configuration, naming every wrong variable at once', async () => {
    const env = { PHUSA_HOME: test.home, PHUSA_PORT: 'abc', PHUSA_RUNNER: 'cron' };
    const { exit, stderr } = await test.run(['source', 'list'], { env });
    expect(exit).toBe(2);
    expect(stderr).toContain('PHUSA_PORT');
    expect(stderr).toContain('PHUSA_RUNNER');
  });
});

describe('output', () => {
  it('--json prints exactly one document, errors too; progress goes to standard error', async () => {
    const good = await test.run(['ingest', 'dvc-hai-phong', '--json']);
    expect(parsed(good.stdout)).toMatchObject({ run: 'run-0200' });
    expect(good.stderr).toContain('Đọc trang 1/2');
    const bad = await test.run(['source', 'show', 'khong-co', '--json']);
    expect(parsed(bad.stdout)).toMatchObject({ code: 'not-found', status: 404 });
  });

  it('draws a bar on a terminal and clears it before the result', async () => {
    let stderr = '';
    const terminal = { write: (text: string) => (stderr += text), isTTY: true, columns: 60 };
    await test.run(['ingest', 'dvc-hai-phong'], { stderr: terminal });
    expect(stderr).toContain('█');
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('aligns Vietnamese in composed and decomposed form', async () => {
    const { stdout } = await test.run(['query', 'select 1']);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'ten        so',
      '─────────  ──',
      'Hải Phòng  12',
      'Lê Chân',
    ]);
  });

  it('writes CSV that no spreadsheet takes for a formula', async () => {
    const { stdout } = await test.run(['query', 'select formula', '--format', 'csv']);
    expect(stdout).toBe("ten,so\r\n'=1+1,12\r\nLê Chân,\n");
  });

  it('speaks English with --lang en, and Vietnamese otherwise', async () => {
    expect((await test.run(['--help'])).stdout).toContain('Cách dùng:');
    const english = await test.run(['--help', '--lang', 'en']);
    expect(english.stdout).toContain('Usage:');
    expect(english.stdout).not.toMatch(/Nguồn|Lệnh/);
    expect((await test.run(['source', 'show', 'x', '--lang', 'en'])).stderr).toContain(
      'There is no',
    );
  });

  it('hands start and init to the composition root', async () => {
    expect((await test.run(['start', '--demo', '--once', '--json'])).exit).toBe(0);
    expect(test.started).toContainEqual({ demo: true, once: true, json: true });
    expect(parsed((await test.run(['init', '--solo', '--json'])).stdout)).toMatchObject({
      solo: true,
    });
  });
});

describe('files', () => {
  it('saves what an operation made, under a name that cannot leave the directory', async () => {
    const out = join(test.home, 'ra');
    const given = { ...test.services.file };
    test.services.file = { ...given, name: '../../thoat.pdf' };
    const { stdout } = await test.run(['evidence', 'edition:x', '--out', out, '--json']);
    test.services.file = given;
    const path = join(out, 'thoat.pdf');
    expect(parsed(stdout)).toEqual({ files: [{ name: '../../thoat.pdf', path }] });
    expect(await readFile(path, 'utf8')).toBe('nội dung');
  });

  it('downloads an extract, refuses one that is not ready', async () => {
    const out = join(test.home, 'goi');
    expect((await test.run(['extract', 'download', 'ext-2', '--out', out])).exit).toBe(0);
    expect(await readFile(join(out, 'báo cáo.pdf'), 'utf8')).toBe('nội dung');
    expect((await test.run(['extract', 'download', 'ext-1', '--out', out])).exit).toBe(4);
  });

  it('sends only the hash of a file to be verified', async () => {
    const { exit } = await test.run(['report', 'verify', test.services.file.path]);
    expect(exit).toBe(0);
    expect((await test.run(['report', 'verify', join(test.home, 'khong-co')])).exit).toBe(2);
  });
});

describe('source add', () => {
  it('types --set by the connector’s schema and reads secrets from the environment', async () => {
    const file = join(test.home, 'nguon.yaml');
    await writeFile(file, 'url: http://127.0.0.1/\nport: 1\n');
    await chmod(file, 0o600);
    const { stdout, exit } = await test.run(
      [
        ...['source', 'add', 'moi', '--connector', 'dvc-http', '--config', file, '--json'],
        ...['--set', 'code=0012', 'port=8081', 'paging.size=50', '--secret-env', 'token=BI_MAT'],
      ],
      { env: { PHUSA_HOME: test.home, BI_MAT: 's3cret' } },
    );
    expect(exit).toBe(0);
    expect(parsed(stdout)).toMatchObject({
      config: { url: 'http://127.0.0.1/', code: '0012', port: 8081, paging: { size: 50 } },
    });
    expect(stdout).not.toContain('s3cret');
  });

  it('names a secret’s missing variable', async () => {
    const words = ['source', 'add', 'm', '--connector', 'c', '--secret-env', 'token=KHONG_CO'];
    const { exit, stderr } = await test.run(words);
    expect(exit).toBe(2);
    expect(stderr).toContain('KHONG_CO');
  });
});

describe('every command', () => {
  const words: Readonly<Record<string, string>> = {
    sql: 'select 1',
    ref: 'edition:tthc/2026-10/v1',
    id: 'ext-2',
    name: 'dvc-hai-phong',
    source: 'dvc-hai-phong',
  };
  const options: Readonly<Record<string, readonly string[]>> = {
    'source add <name>': ['--connector', 'dvc-http'],
    'quarantine replay': ['--source', 'dvc-hai-phong'],
    'extract request': ['--file', '{request}'],
    'quarantine correct <batch>': ['--file', '{request}'],
    'user add <name>': ['--role', 'admin', '--password-env', 'PHUSA_HOME'],
    'token add <name>': ['--user', 'demo'],
  };

  it.each(commandTable.map(({ usage }) => usage))('%s reaches its operation', async (usage) => {
    const spec = commandTable.find((each) => each.usage === usage);
    const request = join(test.home, 'yêu cầu.json');
    await writeFile(request, '{"dataset":"mart.dossier_month"}');
    const file = usage.includes('<file>') ? test.services.file.path : '';
    const filled = usage.split(' ').flatMap((word) => {
      const name = /^<(\w+)>$/.exec(word)?.[1];
      if (name === 'file') return [file];
      if (name !== undefined) return [words[name] ?? name];
      return word.startsWith('[') ? [] : [word];
    });
    const required = (spec?.options ?? []).flatMap(({ flags, required: needed }) => {
      const flag = flags.split(' ')[0] ?? '';
      if (!needed || options[usage]) return [];
      return [flag, flag === '--out' ? test.home : '2026-10'];
    });
    const given = (options[usage] ?? []).map((word) => word.replace('{request}', request));
    const out = (spec?.options ?? []).some(
      ({ flags, required: needed }) => flags.startsWith('--out') && needed !== true,
    );
    const place = out ? ['--out', test.home] : [];
    const outcome = await test.run([...filled, ...required, ...given, ...place, '--json']);
    expect(outcome.stderr).not.toContain('Lỗi');
    expect(outcome.exit).toBe(0);
    expect(parsed(outcome.stdout)).toBeDefined();
    expect(test.services.calls.length).toBeGreaterThan(0);
  });
});
