import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { HomeKey } from './key-file.ts';
import { seal, unseal } from './seal.ts';
import type { HomeStore } from './store.ts';

/** The home's Ed25519 key: signs bundles and manifests. */
export interface SigningKey {
  /** SubjectPublicKeyInfo in PEM, as served at `/.well-known/phusa-key`. */
  readonly publicPem: string;
  /** Base64 of the 64-byte signature. */
  sign(bytes: Uint8Array): string;
}

const rowId = 'signing';

/** Opens the home's signing key; made, sealed and journalled (the public half) at the first call. */
export async function openSigningKey(store: HomeStore, key: HomeKey): Promise<SigningKey> {
  const context = [store.homeId, 'signing-key'];
  const row = await store.removable.read('key', rowId);
  const pem = row ? unseal(key, context, row.body) : await makeKey(store, key, context);
  const privateKey = createPrivateKey(pem);
  return {
    publicPem: publicPemOf(pem),
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
  };
}

/** Whether `signature` (base64) over `bytes` is by the holder of this public key. False on any malformed input. */
export function verifySignature(publicPem: string, bytes: Uint8Array, signature: string): boolean {
  try {
    return verify(null, bytes, createPublicKey(publicPem), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** Two callers at once make one key: the second finds the first's inside its turn. */
function makeKey(store: HomeStore, key: HomeKey, context: readonly string[]): Promise<string> {
  return store.decide(async (journal) => {
    const made = await journal.removable.read('key', rowId);
    if (made) return unseal(key, context, made.body);
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const body = seal(key, context, pem);
    const row = { kind: 'key', id: rowId, owner: 'home', version: 1, body } as const;
    await journal.removable.write({ ...row, expiresAt: undefined });
    const data = { signingKey: publicPemOf(pem) };
    await journal.record({
      kind: 'home.signing-key-made',
      subject: store.homeId,
      actor: 'system',
      data,
    });
    return pem;
  });
}

function publicPemOf(privatePem: string): string {
  return createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString();
}
