import { quoted } from '../../core/sql-text.ts';
import { withConsequences } from '../duckdb/masked-views.ts';
import { serverType } from './column-types.ts';
import { placeOf, type Relation } from './relations.ts';

/**
 * What a person's query sees instead of the tables: masked columns are replaced, text by `***`, other types by NULL. The
 * query never sees the table itself, so no predicate, join or sort can reach the value (G14).
 */
export function maskedRows(
  relations: readonly Relation[],
  masked: ReadonlySet<string>,
): readonly Relation[] {
  const hidden = withConsequences(masked);
  return relations.map((relation) => {
    const { key, shape } = relation;
    const list = [...shape].map(([name, type]) =>
      hidden.has(`${key}.${name}`.toLowerCase()) ? mask(name, type) : quoted(name),
    );
    const rows = `select ${list.join(', ')} from ${placeOf(relation)}`;
    return { key, shape, name: `seen ${key}`, rows };
  });
}

function mask(name: string, type: string): string {
  return type === 'VARCHAR'
    ? `'***'::text collate "C" as ${quoted(name)}`
    : `cast(null as ${serverType(type)}) as ${quoted(name)}`;
}
