import type { Payload, PayloadCodec } from '@temporalio/common';
import type { HomeKey } from '../../control/key-file.ts';
import { sealBytes, unsealBytes } from '../../control/seal.ts';

const encoding = 'binary/sealed';
const context = ['temporal-payload'];
const lengthBytes = 4;

/**
 * Seals every payload with the home's key before it leaves the process: the server, its database and its pages hold what
 * nobody there can read. A payload sealed with another key does not open: fatal `seal-broken`.
 */
export function sealingCodec(key: HomeKey): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => sealed(key, payload))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => opened(key, payload))),
  };
}

function sealed(key: HomeKey, { metadata, data }: Payload): Payload {
  const named = Object.entries(metadata ?? {}).map(
    ([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const,
  );
  const head = Buffer.from(JSON.stringify(Object.fromEntries(named)), 'utf8');
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(head.length);
  // No bytes at all come as a plain empty list.
  const whole = Buffer.concat([length, head, Uint8Array.from(data ?? [])]);
  return {
    metadata: { encoding: Buffer.from(encoding) },
    data: sealBytes(key, context, whole),
  };
}

function opened(key: HomeKey, payload: Payload): Payload {
  const { metadata, data } = payload;
  const said = metadata?.['encoding'];
  if (!data || !said || Buffer.from(said).toString() !== encoding) return payload;
  const whole = unsealBytes(key, context, data);
  const end = lengthBytes + whole.readUInt32BE(0);
  const named = JSON.parse(whole.toString('utf8', lengthBytes, end)) as Record<string, string>;
  return {
    metadata: Object.fromEntries(
      Object.entries(named).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
    ),
    data: new Uint8Array(whole.subarray(end)),
  };
}
