import { deliverEdition } from '../delivery/deliver-edition.ts';
import { tellOwners, type TellOwnersDependencies } from '../services/tell-owners.ts';
import type { Foundations } from './foundations.ts';

/** Tells owners of rejected rows by mail, each once; without `PHUSA_SMTP_URL` the ledger says that it was skipped. */
export async function tellOwnersByMail(
  { configuration, store, clock, profile }: Foundations,
  deps: Omit<TellOwnersDependencies, 'deliver' | 'others'>,
): Promise<number> {
  return await tellOwners({
    ...deps,
    others: async () => (await profile()).mailTo,
    deliver: async ({ reference, to, subject, body, files }) =>
      await deliverEdition({
        ...{ store, clock, subject, body, files },
        smtpUrl: configuration.smtpUrl,
        edition: reference,
        recipients: to.map((address) => ({ kind: 'mail', address })),
        retryAfterMs: [],
      }),
  });
}
