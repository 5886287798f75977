import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { failureOf, PhusaError } from '../../core/errors.ts';
import { engineError, wordsOf } from '../../warehouse/duckdb/engine-error.ts';

async function errorOnClosedConnection(): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  connection.closeSync();
  const error: unknown = await connection.run('select 1').then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  instance.closeSync();
  return error;
}

describe('errors of the engine', () => {
  it('a closed connection is tried again; it is no fault of the data', async () => {
    const error = await errorOnClosedConnection();
    expect(wordsOf(error)).not.toBe('undefined');
    expect(engineError(error)).toMatchObject({
      group: 'retriable',
      code: 'warehouse-connection-gone',
    });
  });

  it.each([
    ['connection disconnected', 'retriable', 'warehouse-connection-gone'],
    [
      'Connection Error: Connection was never established or has been closed already',
      'retriable',
      'warehouse-connection-gone',
    ],
    ['IO Error: No space left on device', 'retriable', 'warehouse-disk-full'],
    ['FATAL Error: database has been invalidated', 'retriable', 'warehouse-reopened'],
    ['Out of Memory Error: could not allocate', 'data', 'warehouse-out-of-memory'],
    ['TransactionContext Error: Conflict on update', 'retriable', 'warehouse-conflict'],
    ['Binder Error: Referenced column "connection closed" not found', 'data', 'sql-failed'],
  ])('%s is %s', (words, group, code) => {
    expect(engineError(new Error(words))).toMatchObject({ group, code });
  });

  it('ours pass unchanged', () => {
    const ours = new PhusaError({
      group: 'fatal',
      code: 'ours',
      message: { vi: 'lỗi', en: 'error' },
      remedy: { vi: 'sửa', en: 'mend' },
    });
    expect(engineError(ours)).toBe(ours);
    expect(failureOf(engineError(ours)).code).toBe('ours');
  });
});
