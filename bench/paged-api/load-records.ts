import { z } from 'zod';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { Effort } from '../effort.ts';
import { timedIngest } from '../ingest.ts';
import { recordsManifest } from './records-manifest.ts';
import { lastDay } from './records.ts';

const inputShape = z.object({ home: z.string(), url: z.string(), pageSize: z.int() });

/** Ours: the service through the product's whole path, described by a manifest. */
export async function loadRecords(given: unknown): Promise<Effort> {
  const { home, url, pageSize } = inputShape.parse(given);
  const config = recordsManifest(url, pageSize);
  return await timedIngest({ directory: home, connector: manifest, config, to: lastDay });
}
