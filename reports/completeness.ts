import type { ControlStore } from '../control/port.ts';
import { objectMember, textMember } from '../core/json-member.ts';
import type { SourceCompleteness } from './edition.ts';

/** A source and the loaded tables it fills. */
export interface FillingSource {
  readonly name: string;
  readonly tables: readonly string[];
}

/**
 * Whether each source that fills the needed tables was read successfully after the period's last moment. A source that
 * was not may still hold late figures, and the edition says so or waits.
 */
export async function completenessOf(
  store: ControlStore,
  sources: readonly FillingSource[],
  needed: ReadonlySet<string>,
  periodEnd: Date,
): Promise<readonly SourceCompleteness[]> {
  const filling = sources.filter(({ tables }) => tables.some((table) => needed.has(table)));
  return await Promise.all(filling.map(({ name }) => sourceCompleteness(store, name, periodEnd)));
}

async function sourceCompleteness(
  store: ControlStore,
  source: string,
  periodEnd: Date,
): Promise<SourceCompleteness> {
  const row = await store.get('source', source);
  const last = row ? objectMember(row.data, 'lastRun') : {};
  const run =
    typeof last['run'] === 'string' ? await store.get('run', textMember(last, 'run')) : undefined;
  const isRead = run !== undefined && ['ok', 'empty', 'partial'].includes(run.status);
  const lastRead = isRead ? run.createdAt : null;
  const isPartial = run?.status === 'partial';
  const complete = lastRead !== null && !isPartial && new Date(lastRead) > periodEnd;
  return { source, complete, lastRead, note: note(complete, isPartial, lastRead) };
}

function note(
  complete: boolean,
  isPartial: boolean,
  lastRead: string | null,
): SourceCompleteness['note'] {
  if (isPartial)
    return {
      vi: 'Lần đọc cuối còn dòng bị cách ly hoặc luồng chưa đọc được',
      en: 'The last read left rows in quarantine or a stream unread',
    };
  if (complete) return { vi: 'Đủ đến hết kỳ', en: 'Complete to the period’s end' };
  if (lastRead === null)
    return { vi: 'Chưa có lượt đọc thành công', en: 'Never read successfully' };
  return {
    vi: `Lần đọc cuối ${lastRead}, trước khi hết kỳ`,
    en: `Last read ${lastRead}, before the period’s end`,
  };
}
