import { z } from 'zod';

const file = z.object({
  type: z.string().exactOptional(),
  url: z.string().min(1),
  count: z.int().min(0).exactOptional(),
});

/** What an export says when it is done (FHIR bulk data, STU 1 to 3). */
export const exportManifest = z.object({
  transactionTime: z.iso.datetime({ offset: true }),
  requiresAccessToken: z.boolean(),
  output: z.array(file.extend({ type: z.string().min(1) })),
  deleted: z.array(file).default([]),
  error: z.array(file).default([]),
  /** Further manifests of one export (partial manifests). */
  link: z.array(z.object({ relation: z.string(), url: z.string().min(1) })).default([]),
});

/** One file of an export. */
export type ExportFile = z.infer<typeof file>;

/** A checked manifest. */
export type ExportManifest = z.infer<typeof exportManifest>;
