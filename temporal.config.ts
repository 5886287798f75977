import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { PhusaError } from './core/errors.ts';

/**
 * How a home uses Temporal. Where the server is, and how to get in, is read by Temporal's own rules: `TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS*`, or a profile of `TEMPORAL_CONFIG_FILE`.
 */
export interface TemporalConfiguration {
  /** Undefined where no server is named: then one is started, in the home. */
  readonly server: ClientConnectConfig | undefined;
  readonly namespace: string;
  /** Activities of a queue at a time, in one process. */
  readonly atOnce: {
    readonly reading: number;
    readonly decoding: number;
    readonly warehouse: number;
    readonly rendering: number;
    readonly delivery: number;
  };
  /** An activity not heard of for so long is given to another worker. */
  readonly heartbeatTimeoutMs: number;
  /** How often an activity that fails retriably is tried. */
  readonly attempts: number;
  /** First wait before an activity is tried again. */
  readonly retryMs: number;
  /** How long activities under way may go on when a worker is asked to end. */
  readonly graceMs: number;
  /** What is read and handed over at once: larger than in one process, for each piece of work is a row on the server. */
  readonly chunk: { readonly batches: number; readonly bytes: number };
}

const limits = z.object({
  TEMPORAL_PHUSA_READING_AT_ONCE: z.coerce.number().int().min(1).max(100).default(8),
  TEMPORAL_PHUSA_HEARTBEAT_MS: z.coerce.number().int().min(500).max(600_000).default(30_000),
  TEMPORAL_PHUSA_RETRY_MS: z.coerce.number().int().min(10).max(600_000).default(2_000),
});

/** Reads the Temporal variables. Throws fatal `configuration-wrong`. */
export function temporalConfiguration(
  variables: Readonly<Record<string, string>>,
): TemporalConfiguration {
  const read = limits.safeParse(variables);
  if (!read.success) throw wrong(read.error.issues.map(({ path }) => path.join('.')).join(', '));
  const server = serverOf(variables);
  return {
    server,
    namespace: server?.namespace ?? 'default',
    atOnce: {
      reading: read.data.TEMPORAL_PHUSA_READING_AT_ONCE,
      decoding: 1,
      warehouse: 4,
      rendering: 2,
      delivery: 2,
    },
    heartbeatTimeoutMs: read.data.TEMPORAL_PHUSA_HEARTBEAT_MS,
    attempts: 4,
    retryMs: read.data.TEMPORAL_PHUSA_RETRY_MS,
    graceMs: 10_000,
    chunk: { batches: 300, bytes: 48_000_000 },
  };
}

function serverOf(variables: Readonly<Record<string, string>>): ClientConnectConfig | undefined {
  const named = variables['TEMPORAL_ADDRESS'] ?? variables['TEMPORAL_CONFIG_FILE'];
  return named === undefined
    ? undefined
    : loadClientConnectConfig({ overrideEnvVars: { ...variables } });
}

function wrong(names: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'configuration-wrong',
    message: { vi: `Biến môi trường chưa đúng: ${names}.`, en: `Wrong variables: ${names}.` },
  });
}
