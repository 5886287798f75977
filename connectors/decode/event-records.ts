import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { decodeByLines } from './decoded-lines.ts';
import { fileTrouble } from './decode-trouble.ts';
import { readMultipart } from './multipart.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { elementsAt, rootOf } from './xml-elements.ts';

/**
 * Reads events that devices push: an XML or a JSON document, alone or as parts of a multipart body with pictures beside
 * it. The members of an event are those of the XML root or of the JSON object, so that both firmwares read alike; a JSON
 * object that only holds one object is opened (`{"EventNotificationAlert": {…}}`). Pictures are told as `pictures`: name,
 * media type, bytes and SHA-256, never kept in the row.
 *
 * A body that is cut is refused (`file-cut`); one without any event too (`file-not-event`).
 */
export const decodeEventRecords: RecordDecoder = (session, files, wanted) =>
  decodeByLines(session, files, wanted, eventsOf);

/** The largest push that is read, in bytes. */
const largest = 67_108_864;

async function* eventsOf(file: LandedFile): AsyncGenerator<readonly object[]> {
  if (file.bytes > largest) throw fileTrouble('file-not-event', file, `${file.bytes} byte`);
  const bytes = await readFile(file.path);
  const body = readMultipart(bytes);
  if (body === undefined) {
    const event = eventOf(bytes, file);
    if (event === undefined) throw fileTrouble('file-not-event', file, '');
    yield [{ ...event, pictures: [] }];
    return;
  }
  if (!body.closed) throw fileTrouble('file-cut', file, '');
  const texts = body.parts.filter(({ bytes: part }) => looksLikeText(part));
  const pictures = body.parts
    .filter((part) => !texts.includes(part))
    .map(({ headers, bytes: part }) => ({
      name: /filename="?([^";]+)/i.exec(headers.get('content-disposition') ?? '')?.[1] ?? null,
      media_type: headers.get('content-type') ?? null,
      bytes: part.byteLength,
      sha256: createHash('sha256').update(part).digest('hex'),
    }));
  const events = texts.flatMap(({ bytes: part }) => eventOf(part, file) ?? []);
  if (events.length === 0) throw fileTrouble('file-not-event', file, '');
  yield events.map((event) => ({ ...event, pictures }));
}

function looksLikeText(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  return start.startsWith('<') || start.startsWith('{');
}

function eventOf(bytes: Uint8Array, file: LandedFile): object | undefined {
  const start = Buffer.from(bytes.subarray(0, 64))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (start.startsWith('{')) return opened(jsonOf(bytes, file));
  if (!start.startsWith('<')) return undefined;
  const [event] = elementsAt(bytes, file.name, [rootOf(bytes, file.name)]);
  return event;
}

function jsonOf(bytes: Uint8Array, file: LandedFile): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw fileTrouble('file-not-json', file, '', cause);
  }
  throw fileTrouble('file-not-event', file, 'JSON');
}

function opened(event: object): object {
  const members: readonly unknown[] = Object.values(event);
  const [only] = members;
  return members.length === 1 && typeof only === 'object' && only !== null && !Array.isArray(only)
    ? only
    : event;
}
