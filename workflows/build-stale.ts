import { PhusaError } from '../core/errors.ts';
import type { PipelineContext } from './pipeline.ts';

/** Which derived assets; all of them where none is named. */
export interface BuildInput {
  readonly keys?: readonly string[];
}

/** What the build pipeline needs done for it. */
export interface BuildActivities {
  planBuild(input: BuildInput): Promise<BuildPlan>;
  /** Builds one asset if its SQL or its inputs have changed; `rows` is null where it was up to date. */
  buildAsset(input: { readonly key: string }): Promise<{ readonly rows: number | null }>;
}

/** Assets that can be built, each after those it reads, and those that cannot. */
export interface BuildPlan {
  readonly order: readonly string[];
  readonly blocked: readonly BlockedAsset[];
}

/** What was built, what was already up to date, and what cannot be built for want of a source. */
export interface BuildResult {
  readonly built: readonly { readonly key: string; readonly rows: number }[];
  readonly fresh: readonly string[];
  readonly blocked: readonly BlockedAsset[];
}

/** An asset that reads tables which no source fills, itself or through what it reads. */
export interface BlockedAsset {
  readonly key: string;
  readonly missing: readonly string[];
}

/** Builds what is stale along the graph, each asset after those it reads. A home with few sources builds what it can. */
export async function buildStale(
  context: PipelineContext<BuildActivities>,
  input: BuildInput,
): Promise<BuildResult> {
  const { order, blocked } = await context.activities.planBuild(input);
  const built: { key: string; rows: number }[] = [];
  const fresh: string[] = [];
  for (const [index, key] of order.entries()) {
    const { rows } = await context.activities.buildAsset({ key });
    if (rows === null) fresh.push(key);
    else built.push({ key, rows });
    const step = { vi: `Dựng ${key}`, en: `Building ${key}` };
    context.log({ step, done: index + 1, total: order.length });
  }
  return { built, fresh, blocked };
}

/** Throws data `facts-blocked` when one of these facts could not be built, naming the tables that are missing. */
export function requireBuilt(
  { blocked }: Pick<BuildResult, 'blocked'>,
  facts: readonly string[],
): void {
  const lacking = blocked.filter(({ key }) => facts.includes(key));
  if (lacking.length === 0) return;
  const keys = lacking.map(({ key }) => key).join(', ');
  const missing = [...new Set(lacking.flatMap((asset) => asset.missing))].join(', ');
  throw new PhusaError({
    group: 'data',
    code: 'facts-blocked',
    message: {
      vi: `Chưa dựng được ${keys}: chưa có nguồn nào nạp bảng ${missing}.`,
      en: `Cannot build ${keys}: no source fills ${missing} yet.`,
    },
    remedy: {
      vi: 'Đăng ký và nạp nguồn còn thiếu: phusa source add, phusa ingest.',
      en: 'Register and read the missing source: phusa source add, phusa ingest.',
    },
  });
}
