import type { JsonObject } from '../../core/json.ts';
import * as fault from './fault-server.ts';

/** What a paged service of a test is to give, and how it behaves. */
export interface PagedOptions {
  readonly rows: () => readonly Readonly<Record<string, unknown>>[];
  /** Rows a page really holds, whatever was asked for. */
  readonly most?: number;
  /** Fields of the answer beside `items`. */
  readonly envelope?: (rows: readonly unknown[]) => Readonly<Record<string, unknown>>;
  readonly onPage?: (page: number) => void;
}

/** A page of a service that takes `offset` and `limit`. */
export function pageOf(options: PagedOptions): fault.Fault {
  let pages = 0;
  return (socket, request) => {
    const query = queryOf(request);
    const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 10)];
    pages += 1;
    options.onPage?.(pages);
    const rows = options.rows();
    const items = rows.slice(offset, offset + Math.min(limit, options.most ?? limit));
    return fault.json({ items, ...options.envelope?.(rows) })(socket, request);
  };
}

/** The query of a request. */
export function queryOf({ path }: fault.SeenRequest): URLSearchParams {
  return new URLSearchParams(path.split('?')[1] ?? '');
}

/** Rows with an id, a name and a time of change, in order. */
export function rowsUpTo(count: number): readonly Readonly<Record<string, unknown>>[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${String(index + 1).padStart(4, '0')}`,
    name: `Bản ghi ${index + 1}`,
    changed: new Date(Date.UTC(2026, 9, 1) + index * 3_600_000).toISOString(),
  }));
}

const label = { vi: 'x', en: 'x' };

/** A manifest for {@link pageOf}, with changes laid over its one stream. */
export function pagedManifest(
  base: string,
  stream: JsonObject = {},
  more: JsonObject = {},
): JsonObject {
  return {
    manifest: 1,
    name: 'trial',
    label,
    base,
    streams: [
      {
        stream: 'thing',
        label,
        request: {
          path: 'things',
          query: { offset: '{{ page.offset }}', limit: '{{ page.size }}' },
        },
        pagination: { kind: 'offset', size: 10 },
        decoding: { format: 'json' },
        records: 'items',
        columns: [
          { name: 'id', type: 'varchar', label, classification: 'public' },
          { name: 'name', type: 'varchar', label, classification: 'public' },
          { name: 'changed', type: 'timestamptz', label, classification: 'public' },
        ],
        key: ['id'],
        publishedAt: 'changed',
        ...stream,
      },
    ],
    ...more,
  };
}
