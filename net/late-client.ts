import type { HttpClient } from './http-client.ts';

/** A client that is made at its first request: opening a home loads no network code. */
export function lateClient(make: () => Promise<HttpClient>): HttpClient {
  let made: Promise<HttpClient> | undefined;
  const client = () => (made ??= make());
  return {
    send: async (request) => await (await client()).send(request),
    pause: async (ms) => {
      await (await client()).pause(ms);
    },
  };
}
