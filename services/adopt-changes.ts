import type { StateRow } from '../control/port.ts';
import type { ColumnDrift } from '../core/column-drift.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson, objectMember, textList, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { openChanges, type OpenChange } from '../workflows/activities/column-drift.ts';
import type { AdoptChanges, Call } from './port.ts';
import { editSource, record, type SourceLifeDependencies } from './source-life.ts';

/**
 * Takes up what changed in a source's columns by a new version of it: a new name is read as the declared column, a new
 * column is declared, one that is gone may be missing. With `ignore` new columns are left out for ever instead. The version
 * goes the way of any other. Throws data `nothing-to-adopt`, `change-not-adoptable`.
 */
export async function adoptChanges(
  deps: SourceLifeDependencies,
  call: Call,
  row: StateRow,
  wanted: AdoptChanges,
): Promise<void> {
  const open = openChanges(row);
  const taken = open.filter((change) => isWanted(change, wanted));
  if (taken.length === 0) throw nothingToAdopt(row.id, open);
  const edit = wanted.ignore === true ? ignoring(row, taken) : taking(deps, row, taken, wanted);
  await editSource(deps, call, row, edit);
  const rest = open.filter((change) => !taken.includes(change));
  await record(deps, call, row.id, 'adopted', {
    drift: rest.map(asJson),
    adopted: taken.map(asJson),
  });
}

function isWanted({ stream, field, column }: ColumnDrift, wanted: AdoptChanges): boolean {
  return (
    (wanted.stream ?? stream) === stream &&
    (wanted.column === undefined || wanted.column === field || wanted.column === column)
  );
}

function taking(
  deps: Pick<SourceLifeDependencies, 'connector'>,
  row: StateRow,
  changes: readonly OpenChange[],
  { classification }: AdoptChanges,
): { readonly config: JsonObject } {
  const connector = deps.connector(textMember(row.data, 'connector'));
  const before = connector.config.parse(objectMember(row.data, 'config'));
  const config = changes.reduce((kept, change) => {
    const classified =
      change.kind === 'new' && change.proposed !== null && classification !== undefined
        ? { ...change, proposed: { ...change.proposed, classification } }
        : change;
    const next = connector.adopt?.(kept, classified);
    if (next === undefined) throw notAdoptable(row.id, change);
    return next;
  }, before);
  return { config };
}

function ignoring(
  row: StateRow,
  changes: readonly OpenChange[],
): { readonly contract: JsonObject } {
  const other = changes.find(({ kind }) => kind !== 'new');
  if (other !== undefined) throw notAdoptable(row.id, other);
  const contract = changes.reduce<JsonObject>(
    (kept, { stream, field }) => {
      const own = objectMember(kept, stream);
      const ignored = [...new Set([...textList(own, 'ignored'), field])];
      return { ...kept, [stream]: { ...own, ignored } };
    },
    objectMember(row.data, 'contract'),
  );
  return { contract };
}

function nothingToAdopt(source: string, open: readonly ColumnDrift[]): PhusaError {
  const names = open.map(({ stream, field }) => `${stream}: ${field}`).join(', ') || '–';
  return new PhusaError({
    group: 'data',
    code: 'nothing-to-adopt',
    message: {
      vi: `Nguồn “${source}” không có thay đổi cột nào như vậy đang chờ; đang chờ: ${names}.`,
      en: `Source “${source}” has no such change of its columns that waits; waiting: ${names}.`,
    },
    place: { source },
  });
}

function notAdoptable(source: string, { stream, field }: ColumnDrift): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'change-not-adoptable',
    message: {
      vi: `Thay đổi của cột “${field}” (luồng ${stream}) phải do người sửa: chưa biết khai thế nào cho đúng.`,
      en: `The change of “${field}” (stream ${stream}) is for a person to take up: nothing can be proposed for it.`,
    },
    remedy: {
      vi: `Sửa nguồn: phusa source edit ${source}; hoặc yêu cầu đơn vị cung cấp giữ như cũ.`,
      en: `Edit the source: phusa source edit ${source}; or ask the supplier to keep it as it was.`,
    },
    place: { source, stream, field },
  });
}
