import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describePersonQuery } from '../conformance/warehouse-person-query.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

describePersonQuery('DuckDB', openTestWarehouse);

it('G31 the engine itself may read landed files: only the checked tree stands before them', async () => {
  const opened = await openTestWarehouse();
  const { warehouse, directory } = opened;
  const path = join(directory, 'landing', 'secret.csv');
  writeFileSync(path, 'a,b\n1,secret\n');
  const read = await warehouse.select(`select * from read_csv('${path}')`);
  expect(read.rows).toEqual([['1', 'secret']]);
  await opened.remove();
});
