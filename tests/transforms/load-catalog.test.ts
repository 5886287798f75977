import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog, readCatalog } from '../../transforms/catalog/load-catalog.ts';
import { portabilityProblems } from '../../transforms/catalog/portable-sql.ts';
import { Engine } from './engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.open();
});
afterAll(() => engine.close());

function sources(folder: string) {
  const directory = fileURLToPath(new URL(folder, import.meta.url));
  const tablesOf = (sql: string) => engine.tablesOf(sql);
  return { directory, tablesOf, loaded: new Set(['dim.area']) };
}

describe('a faulty catalogue', () => {
  it('shows every fault of every file at once', async () => {
    const result = await readCatalog(sources('faulty'));
    if (result.ok) throw new Error('read');
    const list = result.problems.map((p) => `${p.file}: ${p.problem.slice(0, 60)}`);
    expect(list).toEqual([
      'staging/headless.sql: no /* --- … --- */ header at the top',
      "staging/misplaced.sql: asset is staging.other, the file's place says staging.mispla",
      'staging/misplaced.sql: m is not a declared column',
      'staging/misplaced.sql: provenance names dim.area, which the SQL does not read',
      'staging/misplaced.sql: provenance column k is not a declared column',
      expect.stringMatching(/^marts\/broken.sql: SQL does not parse: /),
      'marts/greedy.sql: line 12: select * is outside the portable subset',
      'staging/misplaced.sql: reads staging.nowhere, which nothing loads or builds',
      'marts/greedy.sql: reads staging.misplaced, which nothing loads or builds',
    ]);
  });

  it('D26 refuses a cycle and names it', async () => {
    await expect(loadCatalog(sources('cycle'))).rejects.toMatchObject({
      group: 'fatal',
      code: 'catalog-invalid',
    });
    await expect(loadCatalog(sources('cycle'))).rejects.toThrow(
      'reads itself: mart.b → staging.a → mart.b',
    );
  });
});

describe('the portable subset', () => {
  it('names the line, and lets comments be', () => {
    expect(
      portabilityProblems('/* select *\n*/ select a -- select *\nfrom t\ngroup by all'),
    ).toEqual(['line 4: group by all is outside the portable subset']);
    expect(portabilityProblems('select cast(a as double), median(b) from t')).toHaveLength(2);
    expect(portabilityProblems('select count(*) from t')).toEqual([]);
  });
});
