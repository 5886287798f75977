import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import { collections, type Collection } from './collections.ts';

/** One stream for each collection. Bulk files and full readings delete by absence, deltas by `tobedeleted`. */
export const rosterStreams: readonly StreamContract[] = collections.map(streamOf);

function streamOf({ stream, label, subject, fields }: Collection): StreamContract {
  const own = fields.map(({ column, type, vi, en, classification }) => ({
    name: column,
    type,
    label: { vi, en },
    classification,
  }));
  return {
    stream,
    layer: 'staging',
    label,
    key: ['sourced_id'],
    ...(subject === undefined ? {} : { subject }),
    deletes: 'both',
    columns: [
      id(subject),
      ...own,
      column('status', 'varchar', 'Trạng thái', 'Status'),
      column('modified_at', 'timestamptz', 'Sửa lần cuối', 'Last modified'),
      column(
        'modified_as_given',
        'varchar',
        'Sửa lần cuối như nguồn ghi',
        'Last modified as printed',
      ),
    ],
  };
}

function id(subject: Collection['subject']): ColumnContract {
  const classification = subject === 'person' ? 'personal' : 'public';
  return { ...column('sourced_id', 'varchar', 'Mã của nguồn', 'Sourced id'), classification };
}

function column(
  name: string,
  type: ColumnContract['type'],
  vi: string,
  en: string,
): ColumnContract {
  return { name, type, label: { vi, en }, classification: 'internal' };
}
