import { fileStreams, portalStreams } from '../../connectors/einvoice/streams.ts';
import { covidReport } from '../../connectors/covid-daily/streams.ts';
import type { ColumnType, StreamContract } from '../../core/stream-contract.ts';

function stream(name: string, columns: Readonly<Record<string, ColumnType>>): StreamContract {
  const label = { vi: name, en: name };
  return {
    stream: name,
    layer: 'staging',
    label,
    columns: Object.entries(columns).map(([column, type]) => ({
      name: column,
      type,
      label,
      classification: 'internal',
    })),
    key: [],
    deletes: 'none',
  };
}

/** The streams that the transforms read. */
export const loadedStreams: readonly StreamContract[] = [
  ...fileStreams,
  ...portalStreams,
  covidReport,
  stream('dossier', {
    dossier_code: 'varchar',
    procedure_code: 'varchar',
    agency_code: 'varchar',
    commune_code: 'varchar',
    channel: 'integer',
    status: 'integer',
    submitted_at: 'timestamp',
    received_at: 'timestamp',
    due_at: 'timestamp',
    finished_at: 'timestamp',
    returned_at: 'timestamp',
    refused_at: 'timestamp',
    updated_at: 'timestamp',
    has_digitised_components: 'boolean',
    is_vneid_verified: 'boolean',
    online_payment: 'integer',
  }),
  stream('dossier_supplement', {
    dossier_code: 'varchar',
    supplement_id: 'varchar',
    requested_at: 'timestamp',
    answered_at: 'timestamp',
    due_before: 'timestamp',
    due_after: 'timestamp',
  }),
  stream('dossier_step', {
    dossier_code: 'varchar',
    step_no: 'integer',
    processed_at: 'timestamp',
    status: 'integer',
  }),
  stream('dossier_fee', { dossier_code: 'varchar', fee_no: 'integer', amount: 'decimal(21,6)' }),
  stream('procedure', { procedure_code: 'varchar', statutory_working_days: 'integer' }),
];
