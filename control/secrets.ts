import type { HomeKey } from './key-file.ts';
import { seal, sealBroken, unseal } from './seal.ts';
import type { HomeStore } from './store.ts';
import { PhusaError } from '../core/errors.ts';

/** A source's secrets: set, opened inside an activity, removed; never shown (J08). */
export interface Secrets {
  /** Seals a value under (source, name), over an earlier one, and journals name and version only. */
  set(source: string, name: string, value: string, actor: string): Promise<void>;
  /**
   * The value, for the connector alone. Throws fatal `secret-missing`, or `seal-broken` where the ciphertext is
   * another's, altered, or an older version than the journal says.
   */
  open(source: string, name: string): Promise<string>;
  /** Names of a source's secrets. */
  names(source: string): Promise<readonly string[]>;
  /** Forgets the ciphertext; the journal keeps that there was one. */
  remove(source: string, name: string, actor: string): Promise<void>;
}

/** The secrets of a home: ciphertext in removable rows, versions in the journal, the key in a file elsewhere. */
export function openSecrets(store: HomeStore, key: HomeKey): Secrets {
  return {
    set: (source, name, value, actor) => setSecret(store, key, { source, name, value, actor }),
    open: (source, name) => openSecret(store, key, source, name),
    names: async (source) => {
      const rows = await store.removable.ofOwner('sealed', source);
      return rows.map((row) => row.id.slice(source.length + 1));
    },
    remove: (source, name, actor) =>
      store.decide(async (journal) => {
        const id = secretId(source, name);
        await journal.removable.remove('sealed', id);
        await journal.record({
          kind: 'secret.removed',
          subject: id,
          actor,
          data: { source, name, status: 'removed' },
        });
      }),
  };
}

interface NewSecret {
  readonly source: string;
  readonly name: string;
  readonly value: string;
  readonly actor: string;
}

function setSecret(store: HomeStore, key: HomeKey, secret: NewSecret): Promise<void> {
  const { source, name, value, actor } = secret;
  const id = secretId(source, name);
  return store.decide(async (journal) => {
    const before = await journal.get('secret', id);
    const version = versionOf(before?.data['version']) + 1;
    const body = seal(key, [source, name, String(version)], value);
    await journal.removable.write({
      kind: 'sealed',
      id,
      owner: source,
      version,
      body,
      expiresAt: undefined,
    });
    const data = { source, name, version, status: 'sealed' };
    await journal.record({ kind: 'secret.sealed', subject: id, actor, data });
  });
}

async function openSecret(
  store: HomeStore,
  key: HomeKey,
  source: string,
  name: string,
): Promise<string> {
  const id = secretId(source, name);
  const row = await store.removable.read('sealed', id);
  const state = await store.get('secret', id);
  if (!row || state?.status !== 'sealed') throw secretMissing(source, name);
  const version = versionOf(state.data['version']);
  if (row.version !== version) throw sealBroken([source, name]);
  return unseal(key, [source, name, String(version)], row.body);
}

function secretId(source: string, name: string): string {
  return `${source}/${name}`;
}

function versionOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function secretMissing(source: string, name: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'secret-missing',
    message: {
      vi: `Nguồn ${source} chưa có bí mật "${name}".`,
      en: `Source ${source} has no secret "${name}".`,
    },
    remedy: {
      vi: `Đặt lại: phusa source add ${source} --set ${name}=…`,
      en: `Set it: phusa source add ${source} --set ${name}=…`,
    },
    place: { source, field: name },
  });
}
