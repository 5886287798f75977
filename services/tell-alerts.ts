import { VIETNAM_ZONE } from '../core/calendar-zone.ts';
import type { Clock } from '../core/clock.ts';
import { homeAlerts, type Alert, type AlertDependencies } from './home-alerts.ts';
import type { DeliverNotice } from './tell-owners.ts';

/** What telling of trouble works with. */
export interface TellAlertsDependencies extends AlertDependencies {
  readonly deliver: DeliverNotice;
  /** Those who keep the home running. */
  operators(): Promise<readonly string[]>;
}

/** Looked at more seldom than this, the process was off or asleep. */
const awakeMs = 5 * 60_000;

/**
 * Looks for trouble at every tick; call it each minute. A process that has just begun, or slept, first lets its schedules
 * catch up for five minutes: what it missed is then running, not silent.
 */
export function createAlertWatch(clock: Clock, tell: () => Promise<number>): () => Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  let quietUntil = 0;
  return async () => {
    const now = clock.now().getTime();
    if (now - last > awakeMs || now < last) quietUntil = now + awakeMs;
    last = now;
    return now < quietUntil ? 0 : await tell();
  };
}

/**
 * Tells those who keep the home running, and the owners of a source, what stands still: each thing once a day for as long
 * as it lasts (D28, D33). The delivery ledger remembers whom it told, so a restart tells nobody twice. Returns how many
 * things stand still.
 */
export async function tellAlerts(deps: TellAlertsDependencies): Promise<number> {
  const alerts = await homeAlerts(deps);
  if (alerts.length === 0) return 0;
  const operators = await deps.operators();
  const day = deps.clock.now().toLocaleDateString('sv-SE', { timeZone: VIETNAM_ZONE });
  for (const alert of alerts) await tell(deps, alert, day, [...operators, ...alert.owners]);
  return alerts.length;
}

async function tell(
  { deliver }: TellAlertsDependencies,
  { kind, subject, message }: Alert,
  day: string,
  to: readonly string[],
): Promise<void> {
  await deliver({
    reference: `alert:${kind}:${subject}:${day}`,
    to: [...new Set(to)],
    subject: `[Phù Sa] ${kind === 'silent' ? 'Lịch không chạy' : 'Nguồn nạp không thành'}: ${subject}`,
    body: `${message.vi}\n\n${message.en}\n`,
    files: [],
  });
}
