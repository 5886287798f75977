import { covidReport } from '../../connectors/covid-daily/streams.ts';
import { dossierStreams, listStreams } from '../../connectors/dvc/streams.ts';
import { fileStreams, portalStreams } from '../../connectors/einvoice/streams.ts';
import type { StreamContract } from '../../core/stream-contract.ts';

/** The streams that the transforms read, as the connectors promise them. */
export const loadedStreams: readonly StreamContract[] = [
  ...fileStreams,
  ...portalStreams,
  covidReport,
  ...dossierStreams,
  ...listStreams,
];
