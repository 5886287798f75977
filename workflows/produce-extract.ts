import type { PipelineContext } from './pipeline.ts';

/** Which approved extract to make. */
export interface ExtractInput {
  readonly extract: string;
  readonly actor: string;
}

/** What the extract pipeline needs done for it. */
export interface ExtractActivities {
  /** Makes the bundle of an approved extract; does nothing where it is ready. */
  makeExtract(input: { readonly extract: string }): Promise<void>;
}

/** Makes the files of an approved extract. */
export async function produceExtract(
  context: PipelineContext<ExtractActivities>,
  { extract }: ExtractInput,
): Promise<null> {
  const step = { vi: `Kết xuất ${extract}`, en: `Making extract ${extract}` };
  context.log({ step, done: 0, total: 1 });
  await context.activities.makeExtract({ extract });
  context.log({ step, done: 1, total: 1 });
  return null;
}
