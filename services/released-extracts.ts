import { allRows } from '../control/every-row.ts';
import type { JournalWriter } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { objectMember } from '../core/json-member.ts';
import type { Dataset } from '../extracts/dataset.ts';
import { differencingRisks, type GivenExtract } from '../extracts/differencing.ts';
import type { ExtractPlan } from '../extracts/extract-plan.ts';
import { extractRequestSchema } from '../extracts/extract-request.ts';

/** States in which a file has left, may have left, or is about to leave. */
const released = ['approved', 'producing', 'ready', 'expired', 'revoked'];

/**
 * Refuses an extract of a protected dataset that another one, held against it, would lay open: of the same dataset, or of
 * another one about the same kind of subjects (K17). Asked inside the decision
 * that approves, so that two approvals at once see each other. Throws data `disclosure-needs-differencing`.
 */
export async function refuseDifferencing(
  journal: JournalWriter,
  plan: ExtractPlan,
  datasets: readonly Dataset[],
  suppressed: number,
): Promise<void> {
  if (plan.minimumFrequency === null) return;
  const subject = plan.dataset.protected?.subject;
  const akin = datasets.filter((one) => one.protected?.subject === subject);
  const given = [];
  for (const { key } of akin) given.push(...(await releasedFrom(journal, key)));
  const [risk] = differencingRisks(akin, { request: plan.request, suppressed }, given);
  if (risk) throw needsDifferencing(risk);
}

async function releasedFrom(
  journal: JournalWriter,
  dataset: string,
): Promise<readonly GivenExtract[]> {
  const rows = await allRows(journal, 'extract', { status: released, where: { dataset } });
  return rows.map((row) => ({
    id: row.id,
    request: extractRequestSchema.parse(objectMember(row.data, 'request')),
    suppressed: Number(row.data['suppressed'] ?? 0),
  }));
}

function needsDifferencing({ id, request }: GivenExtract): PhusaError {
  const asOf = request.asOf ?? '';
  return new PhusaError({
    group: 'data',
    code: 'disclosure-needs-differencing',
    message: {
      vi: `Không duyệt được: đối chiếu với kết xuất ${id} có thể suy ra ô bị che hoặc nhóm quá nhỏ.`,
      en: `Cannot be approved: held against extract ${id}, a suppressed cell or a small group could be computed.`,
    },
    remedy: {
      vi: `Dùng đúng định nghĩa của kết xuất đó (asOf ${asOf}), hoặc lọc sang nhóm không giao nhau.`,
      en: `Use that extract’s own definition (asOf ${asOf}), or filter to groups that do not overlap.`,
    },
  });
}
