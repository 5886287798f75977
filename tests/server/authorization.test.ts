import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../core/role.ts';
import { accessOf, type Operation } from '../../server/operation.ts';
import { operationTable } from '../../server/operation-table.ts';
import { authorizationMatrix } from './authorization-matrix.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

const letter = { all: 'A', own: 'o', none: '.' } as const;

async function ask(operation: Operation, bearer: string | undefined): Promise<number> {
  const path = operation.path.replace(/\{\w+\}/g, 'x');
  const response = await fetch(`${test.url}/api/v1${path}`, {
    method: operation.method,
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(operation.method === 'GET' ? {} : { 'content-type': 'application/json' }),
      origin: test.url,
    },
    ...(operation.method === 'GET' ? {} : { body: '{}' }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('S7 I21 authorisation matrix', () => {
  it('has one row for each operation and no other', () => {
    const ids = operationTable.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(authorizationMatrix).sort()).toEqual([...ids].sort());
  });

  it.each(operationTable.map((operation) => [operation.id, operation] as const))(
    '%s is granted as the matrix says, over HTTP',
    async (id, operation) => {
      const declared = roles.map((role) => letter[accessOf(operation.grants, role)]).join('');
      expect(declared).toBe(authorizationMatrix[id]);
      for (const role of roles) {
        const status = await ask(operation, `token-${role}`);
        const granted = accessOf(operation.grants, role) !== 'none';
        if (granted) expect([200, 400, 404]).toContain(status);
        else expect(status, `${role} ${id}`).toBe(403);
      }
      expect(await ask(operation, undefined), `nobody ${id}`).toBe(401);
      expect(await ask(operation, 'token-khong-ai').catch(() => 0)).not.toBe(200);
    },
  );

  it('the auditor changes nothing', () => {
    const changes = operationTable.filter(
      ({ method, id }) => method !== 'GET' && !['assets.query', 'trace.evidence'].includes(id),
    );
    for (const { grants } of changes) expect(accessOf(grants, 'auditor')).toBe('none');
  });

  it('logs a refusal with who and what', async () => {
    const add = operationTable.find(({ id }) => id === 'users.add');
    if (add) await ask(add, 'token-leader');
    expect(test.logged.join('\n')).toContain('"actor":"user:leader","operation":"users.add"');
  });
});
