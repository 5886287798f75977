import type { Clock } from '../core/clock.ts';
import type { HomeStore } from './store.ts';
import { secretHash } from './random-secret.ts';

const mostTries = 10;
const windowMs = 15 * 60_000;
/** One address spraying many accounts is stopped too (I05). */
const mostTriesOfAddress = 100;

/** Counts failed sign-ins: at most 10 in 15 minutes for an account from an address, 100 from an address. */
export interface LoginThrottle {
  /** Whether another try is allowed now; counts the try. Counted before the password is checked, so parallel tries count too. */
  admit(account: string, address: string): Promise<boolean>;
  /** Forgets the tries of an account from an address: it signed in. */
  forgive(account: string, address: string): Promise<void>;
}

/** The throttle of a home; it outlives restarts. */
export function openLoginThrottle(store: HomeStore, clock: Clock): LoginThrottle {
  return {
    admit: (account, address) =>
      store.decide(async ({ removable }) => {
        const now = clock.now();
        await removable.removeExpired('attempt', now.toISOString());
        const mine = secretHash(JSON.stringify([account, address]));
        const ofAddress = secretHash(JSON.stringify([address]));
        const counts = [
          await countTry(removable, mine, now),
          await countTry(removable, ofAddress, now),
        ];
        return (counts[0] ?? 0) <= mostTries && (counts[1] ?? 0) <= mostTriesOfAddress;
      }),
    forgive: (account, address) =>
      store.decide(({ removable }) =>
        removable.remove('attempt', secretHash(JSON.stringify([account, address]))),
      ),
  };
}

type Removable = Parameters<Parameters<HomeStore['decide']>[0]>[0]['removable'];

/** Adds one to a counter that is forgotten 15 minutes after its first try; returns the sum. */
async function countTry(removable: Removable, id: string, now: Date): Promise<number> {
  const before = await removable.read('attempt', id);
  const tries = (before?.version ?? 0) + 1;
  const expiresAt = before?.expiresAt ?? new Date(now.getTime() + windowMs).toISOString();
  await removable.write({ kind: 'attempt', id, owner: '', version: tries, body: '', expiresAt });
  return tries;
}
