import { diseaseCase } from '../../connectors/case-lists/streams.ts';
import { covidReport } from '../../connectors/covid-daily/streams.ts';
import { fileStreams as dhis2Streams } from '../../connectors/dhis2/streams.ts';
import { dossierStreams, listStreams } from '../../connectors/dvc/streams.ts';
import { fileStreams, portalStreams } from '../../connectors/einvoice/streams.ts';
import { manifest } from '../../connectors/manifest/connector.ts';
import { rosterStreams } from '../../connectors/oneroster/streams.ts';
import { pxwebFigure } from '../../connectors/pxweb/streams.ts';
import { fhirBulk } from '../../connectors/fhir-bulk/connector.ts';
import { claimStreams } from '../../connectors/insurance-claims/streams.ts';
import type { StreamContract } from '../../core/stream-contract.ts';

/** The streams that the transforms read, as the connectors promise them. */
export const loadedStreams: readonly StreamContract[] = [
  ...fileStreams,
  ...portalStreams,
  covidReport,
  ...dossierStreams,
  ...listStreams,
  ...claimStreams,
  ...fhirBulk.streams(fhirBulk.config.parse({ base: '/fhir' })),
  ...dhis2Streams,
  diseaseCase,
  ...rosterStreams,
  pxwebFigure,
  ...manifest.streams(manifest.config.parse({ ready: 'school-register', values: { base: '/x' } })),
];
