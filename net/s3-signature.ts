import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { S3Address } from './s3-address.ts';

/** SHA-256 and its keyed form, in the shape the signer asks for. */
class Sha256 {
  private readonly hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new TypeError('a digest is made once');
  }
}

/**
 * The headers that sign a GET request (AWS Signature Version 4); `host` is signed and not among them, for the HTTP stack
 * sets it itself. An address without an access key is asked without a signature.
 */
export async function signedHeaders(
  address: S3Address,
  url: URL,
  headers: Readonly<Record<string, string>>,
  effects: { readonly secret: (name: string) => Promise<string>; readonly now: () => Date },
): Promise<Readonly<Record<string, string>>> {
  if (address.accessKey === undefined) return headers;
  const signer = new SignatureV4({
    service: 's3',
    region: address.region,
    credentials: {
      accessKeyId: address.accessKey,
      secretAccessKey: await effects.secret('s3SecretKey'),
    },
    sha256: Sha256,
    uriEscapePath: false,
  });
  const request = {
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
  };
  const signed = await signer.sign(request, { signingDate: effects.now() });
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
