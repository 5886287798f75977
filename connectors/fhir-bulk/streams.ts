import type {
  Classification,
  ColumnContract,
  ColumnType,
  StreamContract,
} from '../../core/stream-contract.ts';
import type { FhirConfig } from './config.ts';
import { fhirResources, type FhirElement, type FhirResource } from './resources.ts';

/** The streams of the configured resources. Whole exports delete by absence, later ones by the `deleted` files. */
export function fhirStreams({ types }: FhirConfig): readonly StreamContract[] {
  return resourcesOf(types).map(streamOf);
}

/** The resources of some types, in their order of declaration. */
export function resourcesOf(types: readonly string[]): readonly FhirResource[] {
  return fhirResources.filter(({ type }) => types.includes(type));
}

function streamOf({ stream, label, isAboutPerson, elements }: FhirResource): StreamContract {
  const level = isAboutPerson ? 'personal' : 'public';
  return {
    stream,
    layer: 'staging',
    label,
    key: ['resource_id'],
    deletes: 'both',
    ...(isAboutPerson ? { subject: 'person' } : {}),
    columns: [
      column('resource_id', 'varchar', 'Mã tài nguyên', 'Resource id', level),
      column('version_id', 'varchar', 'Phiên bản', 'Version', 'internal'),
      column('updated_at', 'timestamptz', 'Cập nhật lúc', 'Updated at', 'internal'),
      ...elements.flatMap(columnsOf),
    ],
  };
}

function columnsOf({ column: name, kind, label, classification }: FhirElement): ColumnContract[] {
  const part = (suffix: string, type: ColumnType, vi: string, en: string): ColumnContract =>
    column(`${name}${suffix}`, type, `${label.vi}${vi}`, `${label.en}${en}`, classification);
  switch (kind) {
    case 'text':
      return [part('', 'varchar', '', '')];
    case 'flag':
      return [part('', 'boolean', '', '')];
    case 'number':
      return [part('', 'decimal(38,12)', '', '')];
    case 'code':
    case 'coding':
      return [
        part('_system', 'varchar', ': hệ mã', ': system'),
        part('_code', 'varchar', ': mã', ': code'),
        part('_display', 'varchar', ': tên', ': display'),
        part('_codings', 'varchar', ': mọi mã (hệ|mã;…)', ': all codings (system|code;…)'),
      ];
    case 'reference':
      return [
        part('_ref', 'varchar', ': tham chiếu', ': reference'),
        part('_id', 'varchar', ': mã', ': id'),
      ];
    case 'moment':
      return [
        part('_given', 'varchar', ' như nguồn ghi', ' as given'),
        part('_on', 'date', ': ngày', ': day'),
        part('_at', 'timestamptz', ': thời điểm', ': instant'),
      ];
  }
}

function column(
  name: string,
  type: ColumnType,
  vi: string,
  en: string,
  classification: Classification,
): ColumnContract {
  return { name, type, label: { vi, en }, classification };
}
