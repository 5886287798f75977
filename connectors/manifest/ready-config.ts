import { parse } from 'yaml';
import { z } from 'zod';
import type { Localized } from '../../core/localized.ts';
import { manifestConfig } from './config.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import { readyManifest } from './ready-manifest.ts';

const setting = z.object({
  label: z.object({ vi: z.string(), en: z.string() }),
  default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
});

/** What a ready manifest says of itself, before its settings are filled in. */
const card = z.object({
  label: z.object({ vi: z.string(), en: z.string() }),
  description: z.object({ vi: z.string(), en: z.string() }),
  settings: z.record(z.string(), setting).default({}),
  secrets: z.record(z.string(), z.object({ vi: z.string(), en: z.string() })).default({}),
});

/** A ready manifest as something to choose: what it is, and the few settings that its owner gives. */
export interface ReadySource {
  readonly label: Localized;
  readonly description: Localized;
  /** The manifest as it is written. */
  readonly text: string;
  readonly secrets: Readonly<Record<string, Localized>>;
  /** Takes the settings; gives the whole manifest with them filled in. */
  readonly config: z.ZodType<Manifest>;
}

/** A ready manifest by its name; undefined when there is none. */
export function readySource(name: string): ReadySource | undefined {
  const text = readyManifest(name);
  if (text === undefined) return undefined;
  const { label, description, settings, secrets } = card.parse(parse(text, { merge: true }));
  const shape = Object.entries(settings).map(([key, one]) => [key, fieldOf(one)] as const);
  const config = z
    .strictObject({
      ...Object.fromEntries(shape),
      networks: z
        .array(z.string())
        .default([])
        .meta({ title: 'Mạng nội bộ được phép (CIDR) / Inner networks (CIDR)' }),
    })
    .transform(({ networks, ...values }): unknown => ({ ready: name, values, networks }))
    .pipe(manifestConfig);
  return { label, description, text, secrets, config };
}

function fieldOf({ label, default: usual }: z.infer<typeof setting>) {
  const title = `${label.vi} / ${label.en}`;
  if (usual === undefined) return z.string().min(1).meta({ title });
  if (typeof usual === 'number') return z.number().default(usual).meta({ title });
  if (typeof usual === 'boolean') return z.boolean().default(usual).meta({ title });
  return z.string().default(usual).meta({ title });
}
