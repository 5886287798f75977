import { createHmac, createPrivateKey, createSign } from 'node:crypto';
import { manifestTrouble } from '../manifest-trouble.ts';

/** Names of the algorithms of RFC 7518 that a manifest may ask for. */
export type TokenAlgorithm =
  'HS256' | 'HS384' | 'HS512' | 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384';

/** A JSON Web Token (RFC 7519) over the claims. Throws fatal `sign-in-refused` when the key does not fit. */
export function signedToken(
  algorithm: TokenAlgorithm,
  key: string,
  keyId: string | undefined,
  claims: Readonly<Record<string, string | number>>,
): string {
  const header = { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const content = [header, claims].map((part) => base64url(JSON.stringify(part))).join('.');
  try {
    return `${content}.${signature(algorithm, key, content)}`;
  } catch (cause) {
    throw manifestTrouble(
      'sign-in-refused',
      `JWT ${algorithm}: khóa không hợp lệ / not a key`,
      cause,
    );
  }
}

function signature(algorithm: TokenAlgorithm, key: string, content: string): string {
  const digest = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS'))
    return createHmac(digest, key).update(content).digest('base64url');
  const signer = createSign(digest).update(content);
  // RFC 7518 §3.4 wants the two halves side by side, not their DER.
  const encoding = algorithm.startsWith('ES') ? 'ieee-p1363' : 'der';
  return signer.sign({ key: createPrivateKey(key), dsaEncoding: encoding }, 'base64url');
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
