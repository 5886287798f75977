import { eventTime, type CameraEvent } from './event.ts';

/** The smallest picture that is one, to stand for those that a camera sends along. */
const PICTURE = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

const BOUNDARY = 'MIME_boundary';

/** A push as it goes over the wire. */
export type Push = { readonly mediaType: string; readonly body: Uint8Array };

/** What a camera sends for an event, by its firmware: XML, JSON, or either with pictures in multipart. */
export function pushBody(event: CameraEvent): Push {
  switch (event.camera.firmware) {
    case 'xml':
      return { mediaType: 'application/xml', body: Buffer.from(eventXml(event)) };
    case 'json':
      return { mediaType: 'application/json', body: Buffer.from(eventJson(event)) };
    case 'multipart-xml':
      return multipart('anpr.xml', 'application/xml', eventXml(event));
    case 'multipart-json':
      return multipart('event.json', 'application/json', eventJson(event));
  }
}

function multipart(name: string, mediaType: string, text: string): Push {
  const part = (file: string, type: string, body: Uint8Array) =>
    Buffer.concat([
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${file}"; filename="${file}"\r\nContent-Type: ${type}\r\nContent-Length: ${String(body.byteLength)}\r\n\r\n`,
      ),
      body,
      Buffer.from('\r\n'),
    ]);
  return {
    mediaType: `multipart/form-data; boundary=${BOUNDARY}`,
    body: Buffer.concat([
      part(name, mediaType, Buffer.from(text)),
      part('licensePlatePicture.jpg', 'image/jpeg', PICTURE),
      part('detectionPicture.jpg', 'image/jpeg', PICTURE),
      Buffer.from(`--${BOUNDARY}--\r\n`),
    ]),
  };
}

function eventXml(event: CameraEvent): string {
  const { camera, plate } = event;
  const anpr =
    plate === undefined
      ? ''
      : `<ANPR><country>VNM</country><licensePlate>${plate}</licensePlate><line>${String(event.lane)}</line><direction>${event.direction}</direction><confidenceLevel>${String(event.confidence)}</confidenceLevel><vehicleType>vehicle</vehicleType></ANPR>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>10.0.0.1</ipAddress><channelID>1</channelID><dateTime>${eventTime(event)}</dateTime><activePostCount>1</activePostCount><eventType>${event.kind}</eventType><eventState>active</eventState><channelName>${camera.name}</channelName><deviceID>${camera.id}</deviceID><UUID>${event.id}</UUID>${anpr}
</EventNotificationAlert>`;
}

function eventJson(event: CameraEvent): string {
  const { camera, plate } = event;
  return JSON.stringify({
    ipAddress: '10.0.0.1',
    channelID: 1,
    dateTime: eventTime(event),
    activePostCount: 1,
    eventType: event.kind,
    eventState: 'active',
    channelName: camera.name,
    deviceID: camera.id,
    UUID: event.id,
    ...(plate === undefined
      ? {}
      : {
          ANPR: {
            country: 'VNM',
            licensePlate: plate,
            line: event.lane,
            direction: event.direction,
            confidenceLevel: event.confidence,
            vehicleType: 'vehicle',
          },
        }),
  });
}
