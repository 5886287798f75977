import { z } from 'zod';
import { authentication } from './authentication-schema.ts';
import { dictionaries } from './column-schema.ts';
import { answerRule, rate } from './request-schema.ts';
import { stream } from './stream-schema.ts';
import { localized, template, word } from './word.ts';

const setting = z.strictObject({
  label: localized,
  default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
});

/** A source described, not programmed: everything the reader and the decoders need to know. */
export const manifestSchema = z.strictObject({
  manifest: z.literal(1).meta({ title: 'Phiên bản định dạng / Format version' }),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'kebab-case' }),
  label: localized,
  description: localized.exactOptional(),
  settings: z.record(word, setting).default({}),
  values: z.record(word, z.union([z.string(), z.number(), z.boolean()])).default({}),
  secrets: z.record(word, localized).default({}),
  /** Web address or directory under which everything is asked for; settings only. */
  base: template.min(1),
  /** Further addresses that answers may lead to (files, next pages, redirects). */
  origins: z.array(template).default([]),
  networks: z.array(z.string().min(1)).default([]),
  /** PEM of the source's own certificate authorities, for inner services. */
  certificateAuthority: z.string().startsWith('-----BEGIN CERTIFICATE-----').exactOptional(),
  redirects: z.int().min(0).max(5).default(0),
  authentication: authentication.default({ kind: 'none' }),
  headers: z.record(z.string().min(1), template).default({}),
  rate: rate.exactOptional(),
  answers: z.array(answerRule).default([]),
  /** The largest answer that is held in memory, in bytes. */
  pageBytes: z.int().min(1000).max(268_435_456).default(67_108_864),
  dictionaries: dictionaries.default({}),
  streams: z.array(stream).min(1),
});

/** A checked manifest. */
export type Manifest = z.infer<typeof manifestSchema>;
