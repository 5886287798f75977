import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import { caseColumns } from './case-columns.ts';

/** One row for each case of an infectious disease. */
export const diseaseCase: StreamContract = {
  stream: 'disease_case',
  layer: 'staging',
  label: { vi: 'Ca bệnh truyền nhiễm', en: 'Cases of infectious diseases' },
  key: ['case_code'],
  subject: 'person',
  deletes: 'both',
  columns: caseColumns
    .filter(({ kind }) => kind !== 'state')
    .flatMap(({ name, kind, type, label, classification }): ColumnContract[] => {
      const own: ColumnContract = { name, type, label, classification };
      if (kind !== 'birth') return [own];
      const year = { vi: 'Năm sinh', en: 'Year of birth' };
      return [own, { name: 'birth_year', type: 'integer', label: year, classification }];
    }),
};
