import type { Classification, ColumnType } from '../../core/stream-contract.ts';

/** A column of the bench's dossiers. */
export interface DossierColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly classification: Classification;
}

/** The columns of the file, in its order. */
export const dossierColumns: readonly DossierColumn[] = [
  column('dossier_code', 'varchar'),
  column('procedure_code', 'varchar'),
  column('field_code', 'varchar'),
  column('channel', 'integer'),
  column('owner_name', 'varchar', 'personal'),
  column('commune_code', 'varchar'),
  column('agency_code', 'varchar'),
  column('submitted_at', 'timestamp'),
  column('due_at', 'timestamp'),
  column('status', 'integer'),
  column('fee', 'bigint'),
  column('updated_at', 'timestamp'),
];

function column(
  name: string,
  type: ColumnType,
  classification: Classification = 'internal',
): DossierColumn {
  return { name, type, classification };
}
