import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unnamedHome } from '../../core/home-profile.ts';
import { makeHome } from '../../home/home-directory.ts';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { openTestHome } from '../end-to-end/opened-home.ts';

let directory: string;
let home: Home;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-camera-'));
  await makeHome(join(directory, 'home'), new Date());
  home = await openTestHome(join(directory, 'home'));
  await home.configure({ ...unnamedHome, solo: true });
}, 60_000);
afterAll(async () => {
  await home.close();
  rmSync(directory, { recursive: true, force: true });
});

const alert = (plate: string, at: string) =>
  `<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"><ipAddress>169.254.169.254</ipAddress>
<channelID>1</channelID><dateTime>${at}</dateTime><eventType>ANPR</eventType><eventState>active</eventState>
<channelName>Cầu Bính (mô phỏng)</channelName><deviceID>cam-1</deviceID><ANPR><licensePlate>${plate}</licensePlate>
<line>2</line><direction>forward</direction><confidenceLevel>97</confidenceLevel></ANPR></EventNotificationAlert>`;

it('cameras push into the inbox of a source: XML and JSON, in multipart; the same push twice is one event, a cut one is refused alone', async () => {
  const { sources, inbox, assets } = home.services;
  const call = systemCall();
  // An inbox that is still empty has nothing to be checked.
  await sources
    .add(call, {
      name: 'camera',
      connector: 'camera-events',
      config: { base: 'inbox:?push=bearer' },
      secrets: { pushToken: 'ma-day-bi-mat' },
    })
    .catch(() => undefined);
  const push = (body: string, type: string) =>
    inbox.push('camera', {
      headers: { authorization: 'Bearer ma-day-bi-mat', 'content-type': type },
      body: Readable.from([Buffer.from(body)]),
    });
  const first = alert('15A-12345', '2026-11-01T07:00:00+07:00');
  const boundary = 'ranh-gioi';
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="anpr.xml"\r\nContent-Type: application/xml\r\n\r\n${first}\r\n--${boundary}--\r\n`;
  await push(part, `multipart/form-data; boundary=${boundary}`);
  await push(part, `multipart/form-data; boundary=${boundary}`);
  await push(
    JSON.stringify({
      ...{ eventType: 'ANPR', eventState: 'active', deviceID: 'cam-2' },
      ...{ dateTime: '2026-11-01T07:01:00+07:00', ANPR: { licensePlate: '16B-00001' } },
    }),
    'application/json',
  );
  await push(alert('15A-99999', '2026-11-01T07:02:00+07:00').slice(0, 120), 'application/xml');
  expect(await sources.approve(call, 'camera')).toMatchObject({ status: 'active' });
  const result = await sources.ingest(call, 'camera', {});
  const { rows } = await assets.query(
    call,
    'select device_id, plate from staging.camera_event order by 1',
    {},
  );
  expect(rows).toEqual([
    ['cam-1', '15A-12345'],
    ['cam-2', '16B-00001'],
  ]);
  expect(result.status).toBe('partial');
});
