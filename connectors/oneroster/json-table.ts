import { assertNever } from '../../core/assert-never.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readJsonPages } from '../decode/json.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { Collection } from './collections.ts';
import type { RawTable } from './decode.ts';
import type { JsonPlace } from './field.ts';

/** The texts of a collection's JSON pages. */
export async function jsonTable(
  session: DecodeSession,
  files: readonly LandedFile[],
  { name, stream, fields }: Collection,
): Promise<RawTable> {
  const into = `${stream}_json`;
  const members = fields.flatMap(({ json }) => (json === undefined ? [] : [memberOf(json)]));
  const all = ['sourcedId', 'status', 'dateLastModified', ...members];
  await readJsonPages(session, files, {
    into,
    records: name,
    shape: Object.fromEntries(all.map((member) => [member, 'VARCHAR' as const])),
  });
  return {
    from: quoted(into),
    textOf: ({ json }) => (json === undefined ? 'null::varchar' : textAt(json)),
    raw: 'record::varchar',
  };
}

function memberOf(place: JsonPlace): string {
  switch (place.kind) {
    case 'user-ids':
      return 'userIds';
    case 'roles':
      return 'roles';
    case 'text':
    case 'ref':
    case 'refs':
    case 'list':
      return place.member;
    default:
      return assertNever(place);
  }
}

/** SQL for a place's text, spelled as the CSV form spells it. Nested values are JSON text in `r`. */
function textAt(place: JsonPlace): string {
  const member = `r.${quoted(memberOf(place))}`;
  switch (place.kind) {
    case 'text':
      return member;
    case 'ref':
      return `coalesce(json_extract_string(${json(member)}, '$.sourcedId'), ${plain(member)})`;
    case 'refs':
      return joined(`json_extract_string(${json(member)}, '$[*].sourcedId')`);
    case 'list':
      return `coalesce(${joined(`json_extract_string(${json(member)}, '$[*]')`)}, ${plain(member)})`;
    case 'user-ids':
      return joined(`list_transform(${cut(member, [{ type: 'VARCHAR', identifier: 'VARCHAR' }])},
        lambda one: concat('{', one.type, ':', one.identifier, '}'))`);
    case 'roles':
      return joined(`list_transform(${cut(member, [{ role: 'VARCHAR', org: { sourcedId: 'VARCHAR' } }])},
        lambda one: concat(one.role, '@', one.org.sourcedId))`);
    default:
      return assertNever(place);
  }
}

function joined(list: string): string {
  return `nullif(array_to_string(${list}, ','), '')`;
}

/** A member that is a list or an object; another is NULL, for it would be no JSON text. */
function json(member: string): string {
  return `case when ${member}[1] in ('{', '[') then try_cast(${member} as json) end`;
}

/** A member that is no list and no object. */
function plain(member: string): string {
  return `case when ${member}[1] not in ('{', '[') then ${member} end`;
}

function cut(member: string, shape: readonly object[]): string {
  return `json_transform(${json(member)}, ${literal(JSON.stringify(shape))})`;
}
