import { describe, expect, it } from 'vitest';
import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { HttpRequest } from '../../net/http-client.ts';
import { redirectOf } from '../../net/redirect.ts';

const allowed: readonly AllowedOrigin[] = [
  { scheme: 'https', host: 'a.example' },
  { scheme: 'https', host: 'b.example' },
  { scheme: 'http', host: 'a.example' },
];
const request: HttpRequest = {
  method: 'POST',
  url: 'https://a.example/x',
  headers: {
    authorization: 'Bearer secret',
    cookie: 'c',
    accept: 'application/json',
    'x-api-key': 'k',
  },
  body: 'secret body',
};
const to = (location: string, status = 307, from = request) =>
  redirectOf(from, { status, headers: { location } }, allowed);

describe('redirects that a source declares', () => {
  it('A36 keep method, body and headers on the same origin with 307 and 308', () => {
    expect(to('/y', 308)).toEqual({ ...request, url: 'https://a.example/y' });
  });

  it('become GET without a body with 301, 302 and 303', () => {
    for (const status of [301, 302, 303])
      expect(to('/y', status)).toEqual({
        method: 'GET',
        url: 'https://a.example/y',
        headers: request.headers,
      });
  });

  it('A39 to another host carry no credentials and no body', () => {
    expect(to('https://b.example/y')).toEqual({
      method: 'POST',
      url: 'https://b.example/y',
      headers: { accept: 'application/json' },
    });
  });

  it('A38 never lead from https to http', () => {
    expect(() => to('http://a.example/y')).toThrow(/not on the list/);
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://100.100.100.200/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'https://c.example/',
    'https://user:pass@b.example/',
    'https://b.example#@c.example/',
    'file:///etc/passwd',
    'gopher://b.example/',
    'data:text/plain,x',
    '//c.example/',
  ])('F25 to %s are refused', (location) => {
    expect(() => to(location)).toThrow(/not on the list/);
  });

  it('without a usable address are refused', () => {
    expect(() => redirectOf(request, { status: 302, headers: {} }, allowed)).toThrow();
    expect(() => to('http://[')).toThrow();
  });
});
