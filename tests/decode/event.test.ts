import { afterEach, describe, expect, it } from 'vitest';
import { decodeEventRecords } from '../../connectors/decode/event-records.ts';
import { openTestDecode, type TestDecodeSession } from '../harness/decode-session.ts';

let open: TestDecodeSession | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});

const fields = [
  { as: 'type', from: 'eventType' },
  { as: 'plate', from: 'ANPR.licensePlate' },
  { as: 'pictures', from: 'pictures' },
];

async function events(bytes: string | Uint8Array) {
  open?.close();
  open = await openTestDecode([{ name: 'push', bytes }]);
  await decodeEventRecords(open.session, open.session.files, { into: 't', records: '', fields });
  return open.rows('select type, plate, pictures, _malformed from t order by _row');
}

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"><eventType>ANPR</eventType><ANPR><licensePlate>15A12345</licensePlate></ANPR></EventNotificationAlert>`;
const json = '{"eventType":"ANPR","ANPR":{"licensePlate":"15A12345"}}';
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0x00, 0xff, 0xd9]);
const part = (headers: string, body: string | Uint8Array) =>
  Buffer.concat([
    Buffer.from(`--MIME_boundary\r\n${headers}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
const end = Buffer.from('--MIME_boundary--\r\n');
const disposition = (name: string, type: string) =>
  `Content-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: ${type}`;
const pushed = (text: string, type: string) =>
  Buffer.concat([
    part(disposition('anpr.xml', type), text),
    part(disposition('plate.jpg', 'image/jpeg'), jpeg),
    end,
  ]);

describe('events that devices push', () => {
  it('XML, JSON, and multipart with either and pictures read alike; pictures stay outside', async () => {
    const bare = [['ANPR', '15A12345', '[]', null]];
    expect(await events(xml)).toEqual(bare);
    expect(await events(json)).toEqual(bare);
    expect(await events(`{"EventNotificationAlert":${json}}`)).toEqual(bare);
    for (const body of [pushed(xml, 'application/xml'), pushed(json, 'application/json')]) {
      const [row] = await events(body);
      expect(row?.slice(0, 2)).toEqual(['ANPR', '15A12345']);
      expect(JSON.parse(row?.[2] ?? '[]')).toEqual([
        expect.objectContaining({ name: 'plate.jpg', media_type: 'image/jpeg', bytes: 10 }),
      ]);
    }
  });

  it('A12 a body that is cut anywhere is refused, never half read', async () => {
    const whole = pushed(xml, 'application/xml');
    for (const at of [30, 200, whole.length - 40, whole.length - 5])
      await expect(events(whole.subarray(0, at))).rejects.toMatchObject({ group: 'data' });
    for (const at of [xml.length - 1, 60])
      await expect(events(xml.slice(0, at))).rejects.toMatchObject({ group: 'data' });
  });

  it('refuses what holds no event, and XML that would load something', async () => {
    await expect(events('hello')).rejects.toMatchObject({ code: 'file-not-event' });
    await expect(
      events(Buffer.concat([part('Content-Type: image/jpeg', jpeg), end])),
    ).rejects.toMatchObject({ code: 'file-not-event' });
    const hostile = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
    await expect(events(hostile)).rejects.toMatchObject({ group: 'data' });
  });
});
