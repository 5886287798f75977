import { expect, it } from 'vitest';
import type { HttpClient } from '../../net/http-client.ts';
import { lateClient } from '../../net/late-client.ts';

it('makes its client at the first request, once', async () => {
  let made = 0;
  const paused: number[] = [];
  const real: HttpClient = {
    send: () => Promise.reject(new TypeError('not asked')),
    pause: (ms) => {
      paused.push(ms);
      return Promise.resolve();
    },
  };
  const client = lateClient(async () => {
    made += 1;
    return await Promise.resolve(real);
  });
  expect(made).toBe(0);
  await Promise.all([client.pause(1), client.pause(2)]);
  await expect(client.send({ method: 'GET', url: 'https://a.vn/' })).rejects.toThrow('not asked');
  expect([made, paused]).toEqual([1, [1, 2]]);
});
