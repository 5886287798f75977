import type { Scope, TemplateValue } from './template.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import type { Slice } from './schema/reading-schema.ts';
import { textOf } from './answer-judgement.ts';
import { valueAt } from '../decode/document-path.ts';
import type { ManifestService } from './manifest-service.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { readPages } from './read-pages.ts';
import { timeline, windowScope } from './time-windows.ts';

/** The values by which one part of a stream is asked for. */
export type SliceValues = Readonly<Record<string, TemplateValue & (string | number)>>;

/** Values of parent streams, read once a run. */
export type ParentValues = Map<string, readonly (string | number)[]>;

/** Every combination of a stream's slices, in order; one without values when it has none. */
export async function slicesOf(
  service: ManifestService,
  stream: ManifestStream,
  parents: ParentValues,
): Promise<readonly SliceValues[]> {
  let slices: readonly SliceValues[] = [{}];
  for (const slice of stream.slices) {
    const values = 'values' in slice ? slice.values : await parentValues(service, slice, parents);
    slices = slices.flatMap((above) => values.map((value) => ({ ...above, [slice.name]: value })));
  }
  return slices;
}

async function parentValues(
  service: ManifestService,
  slice: Extract<Slice, { stream: string }>,
  parents: ParentValues,
): Promise<readonly (string | number)[]> {
  const known = parents.get(`${slice.stream} ${slice.field}`);
  if (known !== undefined) return known;
  const parent = service.manifest.streams.find(({ stream }) => stream === slice.stream);
  if (parent === undefined) throw manifestTrouble('slice-missing', slice.stream);
  const values = new Set<string>();
  for (const scope of await wholeOf(service, parent)) {
    await readPages(service, parent, { scope, slice: {} }, (answer) => {
      for (const item of answer.facts.items) {
        const text = textOf(valueAt(item, slice.field));
        if (text !== undefined && text !== '') values.add(text);
      }
      return Promise.resolve();
    });
  }
  const found = [...values];
  parents.set(`${slice.stream} ${slice.field}`, found);
  return found;
}

/** What reads all of a parent stream: every window of its time, or nothing in particular. */
async function wholeOf(
  service: ManifestService,
  parent: ManifestStream,
): Promise<readonly Scope[]> {
  const { incremental } = parent;
  if (incremental?.kind !== 'time') return [{ window: {}, cursor: {} }];
  const filling = await service.filling(parent, {});
  const { windows } = timeline(incremental, filling, service.context.now().getTime(), {});
  return windows.map((window) => ({ window: windowScope(incremental, window) }));
}
