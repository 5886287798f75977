import { afterAll } from 'vitest';
import { startCity, type City, type CityOptions } from '../../simulator/city.ts';

const running: City[] = [];

afterAll(async () => {
  await Promise.all(running.splice(0).map((city) => city.close()));
});

/** A small city that is closed after the test file. */
export async function smallCity(options: Partial<CityOptions> = {}): Promise<City> {
  const city = await startCity({ now: '2025-10-05', scale: 0.03, years: 1, ...options });
  running.push(city);
  return city;
}

async function post(city: City, path: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(city.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  return textField(await response.json(), 'access_token');
}

/** A text field of an object of unknown shape; an error when it is not there. */
export function textField(value: unknown, name: string): string {
  const field = fields(value)[name];
  if (typeof field !== 'string') throw new TypeError(`no text ${name}`);
  return field;
}

/** The fields of an object of unknown shape. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  return Object.fromEntries(Object.entries(value));
}

/** The objects of a list of unknown shape. */
export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value.map(fields);
}

/** A request with a fresh token of the e-invoice system. */
export async function einvoice(city: City, path: string): Promise<Response> {
  const token = await post(city, '/einvoice/token', {
    client_id: 'ioc-haiphong',
    client_secret: 'mo-phong',
  });
  return fetch(city.url + path, { headers: { authorization: `Bearer ${token}` } });
}

/** A token of the public-service system. */
export async function dvcToken(city: City): Promise<string> {
  return post(city, '/dvc/token', { username: 'ioc-haiphong', password: 'mo-phong' });
}

/** A request to the public-service system. */
export async function dvc(city: City, path: string, token?: string): Promise<Response> {
  const authorization = `Bearer ${token ?? (await dvcToken(city))}`;
  return fetch(city.url + path, { headers: { authorization } });
}

/** Rows of the ledger. */
export async function ledger(
  city: City,
  stream: string,
  from: string,
  to: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const address = `${city.url}/_ledger/${stream}.ndjson?from=${from}&to=${to}`;
  const text = await (await fetch(address)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => fields(JSON.parse(line)));
}

/** Counts of the ledger. */
export async function ledgerCounts(
  city: City,
  stream: string,
  from: string,
  to: string,
): Promise<Readonly<Record<string, unknown>>> {
  const address = `${city.url}/_ledger/${stream}.json?from=${from}&to=${to}`;
  return fields(await (await fetch(address)).json());
}
