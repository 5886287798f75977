import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A certificate with its key, as a TLS server takes them. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

/** What a certificate says. */
export interface CertificateWish {
  readonly name: string;
  /** DNS names and IPv4 addresses it is for. */
  readonly hosts?: readonly string[];
  readonly authority?: boolean;
  /** Signed by; itself otherwise. */
  readonly by?: Certified;
  readonly from?: Date;
  readonly to?: Date;
}

const day = 86_400_000;

/** Makes an X.509 v3 certificate over a new P-256 key: DER by hand, so that tests need no tool for it. */
export function certificate(wish: CertificateWish): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = wish.by ?? { name: wish.name, privateKey };
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(signer.name),
    sequence(
      time(wish.from ?? new Date(Date.now() - day)),
      time(wish.to ?? new Date(Date.now() + day)),
    ),
    nameOf(wish.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(wish))),
  );
  const signature = sign('sha256', body, signer.privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
  return {
    cert: pem('CERTIFICATE', whole),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    privateKey,
    name: wish.name,
  };
}

function extensions({ hosts = [], authority = false }: CertificateWish): readonly Buffer[] {
  const constraints = authority ? sequence(der(0x01, Buffer.of(0xff))) : sequence();
  const basic = extension([0x55, 0x1d, 0x13], constraints);
  if (hosts.length === 0) return [basic];
  return [basic, extension([0x55, 0x1d, 0x11], sequence(...hosts.map(alternativeName)))];
}

function extension(oid: readonly number[], value: Buffer): Buffer {
  return sequence(der(0x06, Buffer.from(oid)), der(0x04, value));
}

function alternativeName(host: string): Buffer {
  const address = /^[\d.]+$/.test(host);
  return address
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host, 'ascii'));
}

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = sequence(
  der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])),
);

function nameOf(common: string): Buffer {
  const value = sequence(
    der(0x06, Buffer.from([0x55, 0x04, 0x03])),
    der(0x0c, Buffer.from(common)),
  );
  return sequence(der(0x31, value));
}

function time(at: Date): Buffer {
  const text = at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`, 'ascii'));
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.of(length);
  return length < 256 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
