import { deliverEdition } from '../delivery/deliver-edition.ts';
import type { Configuration } from '../core/configuration.ts';
import { optionalText } from '../core/json-member.ts';
import type { EditionDependencies } from '../reports/edition-dependencies.ts';
import { editionName, issueEdition } from '../reports/issue-edition.ts';
import { reports } from '../reports/registry.ts';
import { notFound } from '../services/batch-services.ts';

/** What issuing and delivering need. */
export interface IssueDependencies {
  readonly editions: EditionDependencies;
  readonly refresh: (facts: readonly string[]) => Promise<void>;
  readonly deliver: (reference: string) => Promise<void>;
}

/**
 * Issues a due report by itself: builds what it reads, issues or finds that the newest edition still stands, delivers.
 * Undefined while it waits for late sources or for approval.
 */
export async function issueDue(
  deps: IssueDependencies,
  name: string,
  period: string,
  evenIncomplete: boolean,
): Promise<string | undefined> {
  const report = reports.find((known) => known.name === name);
  if (!report) throw notFound('báo cáo', 'report', name);
  await deps.refresh(report.facts);
  const result = await issueEdition(deps.editions, report, {
    period,
    actor: 'system',
    evenIncomplete,
  });
  if (result.outcome === 'incomplete' || result.outcome === 'waiting-for-approval')
    return undefined;
  const reference = optionalText(result.edition, 'id');
  if (reference !== undefined) await deps.deliver(reference);
  return reference;
}

/** Sends an edition's files to the home's recipients; each recipient has its own row in the delivery ledger. */
export async function deliverIssued(
  configuration: Configuration,
  deps: EditionDependencies,
  reference: string,
): Promise<void> {
  const row = await deps.store.get('edition', reference);
  const { mailTo, agency } = await deps.profile();
  if (!row || mailTo.length === 0) return;
  const name = editionName(row);
  const manifest = await deps.editions.manifest(name);
  await deliverEdition({
    store: deps.store,
    clock: deps.clock,
    smtpUrl: configuration.smtpUrl,
    edition: reference,
    files: (['pdf', 'xlsx'] as const).map((format) => ({
      name: `${name.report}_${name.period}_v${name.version}.${format}`,
      path: deps.editions.path(name, format),
    })),
    recipients: mailTo.map((address) => ({ kind: 'mail', address })),
    subject: `${manifest.document.subject} (${agency})`,
    body: `${manifest.document.subject}\n\nMã tra cứu: ${manifest.shortCode}\n`,
  });
}
