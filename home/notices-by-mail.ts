import { deliverEdition } from '../delivery/deliver-edition.ts';
import { tellAlerts } from '../services/tell-alerts.ts';
import {
  tellOwners,
  type DeliverNotice,
  type TellOwnersDependencies,
} from '../services/tell-owners.ts';
import type { Foundations } from './foundations.ts';

/** Tells owners of rejected rows by mail, each once; without `PHUSA_SMTP_URL` the ledger says that it was skipped. */
export async function tellOwnersByMail(
  base: Foundations,
  deps: Omit<TellOwnersDependencies, 'deliver' | 'others'>,
): Promise<number> {
  const others = async () => (await base.profile()).mailTo;
  return await tellOwners({ ...deps, others, deliver: byMail(base) });
}

/** Tells those who keep the home running what stands still, by mail, once a day. */
export async function tellAlertsByMail(base: Foundations): Promise<number> {
  const { store, clock, calendars } = base;
  const operators = async () => {
    const { alertTo, mailTo } = await base.profile();
    return alertTo.length > 0 ? alertTo : mailTo;
  };
  return await tellAlerts({ store, clock, calendars, operators, deliver: byMail(base) });
}

function byMail({ configuration, store, clock }: Foundations): DeliverNotice {
  return async ({ reference, to, subject, body, files }) =>
    await deliverEdition({
      ...{ store, clock, subject, body, files },
      smtpUrl: configuration.smtpUrl,
      edition: reference,
      recipients: to.map((address) => ({ kind: 'mail', address })),
      retryAfterMs: [],
    });
}
