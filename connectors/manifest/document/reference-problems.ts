import { parsePath } from '../../decode/document-path.ts';
import { formatFacts } from '../format-facts.ts';
import type { ManifestColumn } from '../schema/column-schema.ts';
import type { Manifest } from '../schema/manifest-schema.ts';
import type { ManifestStream } from '../schema/stream-schema.ts';
import { parseTemplate, type Reference } from '../template.ts';
import { zoneOf } from '../zoned-time.ts';
import { closestName } from './closest-name.ts';
import { suggestion, type Problem, type ProblemPath } from './problem.ts';

/** Everything a manifest refers to and does not have: settings, secrets, columns, streams, dictionaries; and rules between members. */
export function referenceProblems(manifest: Manifest): readonly Problem[] {
  return [
    ...templateProblems(manifest),
    ...valueProblems(manifest),
    ...repeated(
      manifest.streams.map(({ stream }) => stream),
      (n) => ['streams', n, 'stream'],
    ),
    ...manifest.streams.flatMap((stream, n) => streamProblems(manifest, stream, ['streams', n])),
  ];
}

function valueProblems({ settings, values }: Manifest): readonly Problem[] {
  const known = Object.keys(settings);
  const strange = Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => unknown('giá trị', 'setting', name, known, ['values', name], true));
  const lacking = Object.entries(settings)
    .filter(([name, { default: usual }]) => usual === undefined && values[name] === undefined)
    .map(([name]) =>
      say(['settings', name], `thiếu giá trị: values.${name}`, `has no value: values.${name}`),
    );
  return [...strange, ...lacking];
}

function streamProblems(
  manifest: Manifest,
  stream: ManifestStream,
  at: ProblemPath,
): readonly Problem[] {
  return [
    ...columnProblems(manifest, stream, at),
    ...sliceProblems(manifest, stream, at),
    ...readingProblems(stream, at),
    ...pathProblems(stream, at),
  ];
}

function columnProblems(
  manifest: Manifest,
  stream: ManifestStream,
  at: ProblemPath,
): readonly Problem[] {
  const names = stream.columns.map(({ name }) => name);
  const listed = (list: readonly string[], member: ProblemPath) =>
    list.flatMap((name, n) => {
      const here = [...at, ...member, ...(member.at(-1) === 'on' ? [] : [n])];
      return names.includes(name) ? [] : [unknown('cột', 'column', name, names, here)];
    });
  const { publishedAt } = stream;
  return [
    ...repeated(names, (n) => [...at, 'columns', n, 'name']),
    ...listed(stream.key, ['key']),
    ...listed(stream.partition ?? [], ['partition']),
    ...(publishedAt === undefined || names.includes(publishedAt)
      ? []
      : [unknown('cột', 'column', publishedAt, names, [...at, 'publishedAt'])]),
    ...stream.columns.flatMap((column, n) => {
      const here = [...at, 'columns', n];
      const { dictionary, extract, matches } = column;
      const lists = Object.keys(manifest.dictionaries);
      return [
        ...(typeof dictionary !== 'string' || lists.includes(dictionary)
          ? []
          : [unknown('danh mục', 'dictionary', dictionary, lists, [...here, 'dictionary'])]),
        ...listed(column.digest ?? [], ['columns', n, 'digest']),
        ...[column.area, column.agency].flatMap((naming, at) =>
          naming?.on === undefined
            ? []
            : listed([naming.on], ['columns', n, at === 0 ? 'area' : 'agency', 'on']),
        ),
        ...makingProblems(column, here),
        ...patternProblems(extract, [...here, 'extract']),
        ...patternProblems(matches, [...here, 'matches']),
        ...zoneProblems(column.zone, [...here, 'zone']),
      ];
    }),
    ...(stream.deletes === 'tombstone' && stream.tombstone === undefined
      ? [say([...at, 'deletes'], 'cần thêm mục tombstone', 'needs the member tombstone')]
      : []),
  ];
}

/** A column comes from one place; units and agencies are texts. */
function makingProblems(column: ManifestColumn, at: ProblemPath): readonly Problem[] {
  const made = ['from', 'value', 'digest', 'receipt'].filter((name) => Object.hasOwn(column, name));
  const several =
    made.length < 2
      ? []
      : [say(at, `chỉ được một trong: ${made.join(', ')}`, `only one of: ${made.join(', ')}`)];
  const isNamed = column.area !== undefined || column.agency !== undefined;
  const untyped =
    !isNamed || column.type === 'varchar'
      ? []
      : [say([...at, 'type'], 'area và agency cần varchar', 'area and agency need varchar')];
  const unitless =
    column.unitFrom === undefined || column.unit !== undefined
      ? []
      : [say([...at, 'unitFrom'], 'cần thêm mục unit', 'needs the member unit')];
  return [...several, ...untyped, ...unitless];
}

function sliceProblems(
  manifest: Manifest,
  stream: ManifestStream,
  at: ProblemPath,
): readonly Problem[] {
  const others = manifest.streams.map(({ stream: name }) => name);
  return stream.slices.flatMap((slice, n): readonly Problem[] => {
    if (!('stream' in slice)) return [];
    const here = [...at, 'slices', n, 'stream'];
    const parent = manifest.streams.find(({ stream: name }) => name === slice.stream);
    if (parent === undefined) return [unknown('luồng', 'stream', slice.stream, others, here)];
    if (parent === stream || parent.slices.some((one) => 'stream' in one))
      return [
        say(
          here,
          'luồng cha không được lệ thuộc luồng khác',
          'the parent may not depend on a stream',
        ),
      ];
    return ['json', 'geojson', 'ndjson'].includes(parent.decoding.format)
      ? []
      : [say(here, 'luồng cha phải là JSON', 'the parent has to be JSON')];
  });
}

function readingProblems(stream: ManifestStream, at: ProblemPath): readonly Problem[] {
  const { pagination, incremental, request, files, completeness } = stream;
  const text = JSON.stringify([request, stream.job?.create]);
  const counters = { offset: 'page.offset', page: 'page.number', cursor: 'page.token' } as const;
  const problems: Problem[] = [];
  if (request === undefined && files === undefined) {
    problems.push(
      say(
        at,
        'cần request (HTTP), files (thư mục), hoặc cả hai',
        'needs request (HTTP), files (directory), or both',
      ),
    );
  }
  if (pagination.kind !== 'none' && pagination.kind !== 'link') {
    const name = counters[pagination.kind];
    if (!text.includes(name))
      problems.push(
        say(
          [...at, 'pagination'],
          `không yêu cầu nào dùng {{ ${name} }}`,
          `no request uses {{ ${name} }}`,
        ),
      );
  }
  if (
    pagination.kind === 'cursor' &&
    (pagination.next ?? pagination.header ?? pagination.lastRecord) === undefined
  ) {
    problems.push(
      say(
        [...at, 'pagination'],
        'cần next, header hoặc lastRecord',
        'needs next, header or lastRecord',
      ),
    );
  }
  if (incremental !== undefined) {
    const name = incremental.kind === 'time' ? 'window.' : 'cursor.';
    if (!text.includes(name))
      problems.push(
        say(
          [...at, 'incremental'],
          `không yêu cầu nào dùng {{ ${name}… }}`,
          `no request uses {{ ${name}… }}`,
        ),
      );
  }
  if (incremental?.kind === 'time')
    problems.push(...zoneProblems(incremental.zone, [...at, 'incremental', 'zone']));
  if (
    completeness.proof === 'total' &&
    completeness.path === undefined &&
    completeness.header === undefined
  ) {
    problems.push(say([...at, 'completeness'], 'cần path hoặc header', 'needs path or header'));
  }
  return [...problems, ...patternProblems(files, [...at, 'files'])];
}

function pathProblems(stream: ManifestStream, at: ProblemPath): readonly Problem[] {
  const tabular = formatFacts[stream.decoding.format].fields === 'headers';
  const paths: readonly (readonly [string | undefined, ProblemPath])[] = [
    [stream.records, [...at, 'records']],
    ...stream.columns.map(
      ({ from }, n) => [tabular ? undefined : from, [...at, 'columns', n, 'from']] as const,
    ),
  ];
  return paths.flatMap(([path, where]) =>
    path === undefined || parsePath(path) !== undefined
      ? []
      : [say(where, `“${path}” không phải đường dẫn`, `“${path}” is not a path`)],
  );
}

/** The roots of references and where they mean something. */
const roots = ['config', 'secret', 'window', 'cursor', 'slice', 'page', 'job', 'now'];

const members: Readonly<Record<string, readonly string[]>> = {
  window: ['from', 'to', 'next'],
  cursor: ['value'],
  page: ['offset', 'number', 'size', 'token'],
  job: ['id', 'key'],
  now: ['time', 'day'],
};

function templateProblems(manifest: Manifest): readonly Problem[] {
  return textsOf(manifest, []).flatMap(([text, path]) => {
    const { pieces, problems } = parseTemplate(text);
    const references = pieces.filter((piece) => typeof piece !== 'string');
    return [
      ...problems.map((problem) => say(path, problem, problem)),
      ...references.flatMap((reference) => unknownReference(manifest, reference, path)),
    ];
  });
}

function unknownReference(
  manifest: Manifest,
  { root, name }: Reference,
  path: ProblemPath,
): readonly Problem[] {
  if (!roots.includes(root)) return [unknown('gốc', 'root', root, roots, path)];
  const known = namesOf(manifest, root, path);
  if (!known.includes(name)) return [unknown(root, root, name, known, path)];
  if (
    root === 'secret' &&
    path.some((step) => step === 'path' || step === 'query' || step === 'base')
  )
    return [
      say(
        path,
        'bí mật không được nằm trong địa chỉ; dùng authentication',
        'a secret may not stand in an address; use authentication',
      ),
    ];
  if (
    root !== 'config' &&
    (path[0] === 'base' || path[0] === 'origins' || path.at(-1) === 'tokenUrl')
  )
    return [say(path, 'chỉ được dùng {{ config.… }}', 'only {{ config.… }} is possible here')];
  return [];
}

function namesOf(manifest: Manifest, root: string, path: ProblemPath): readonly string[] {
  if (root === 'config') return Object.keys(manifest.settings);
  if (root === 'secret') return Object.keys(manifest.secrets);
  if (root !== 'slice') return members[root] ?? [];
  const stream = typeof path[1] === 'number' ? manifest.streams[path[1]] : undefined;
  return [
    ...(stream?.slices.map(({ name }) => name) ?? []),
    ...(stream?.revisit === undefined ? [] : ['revisit']),
  ];
}

/** All texts of a manifest that may hold references, with their places. */
function textsOf(value: unknown, path: ProblemPath): readonly (readonly [string, ProblemPath])[] {
  if (typeof value === 'string')
    return value.includes('{{') || value.includes('}}') ? [[value, path]] : [];
  if (Array.isArray(value)) return value.flatMap((item, n) => textsOf(item, [...path, n]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsOf(item, [...path, name]));
}

function patternProblems(pattern: string | undefined, path: ProblemPath): readonly Problem[] {
  if (pattern === undefined) return [];
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      say(path, `biểu thức chính quy không đúng: ${why}`, `not a regular expression: ${why}`),
    ];
  }
}

function zoneProblems(zone: string | undefined, path: ProblemPath): readonly Problem[] {
  if (zone === undefined) return [];
  try {
    zoneOf(zone);
    return [];
  } catch {
    return [unknown('múi giờ', 'time zone', zone, ['Asia/Ho_Chi_Minh', 'UTC'], path)];
  }
}

function repeated(names: readonly string[], path: (n: number) => ProblemPath): readonly Problem[] {
  return names.flatMap((name, n) =>
    names.indexOf(name) === n
      ? []
      : [say(path(n), `“${name}” đã có ở trên`, `“${name}” is there already`)],
  );
}

function unknown(
  vi: string,
  en: string,
  name: string,
  known: readonly string[],
  path: ProblemPath,
  atName = false,
): Problem {
  const offer = suggestion(closestName(name, known), known);
  return {
    ...say(path, `không có ${vi} “${name}”${offer.vi}`, `there is no ${en} “${name}”${offer.en}`),
    ...(atName ? { atName } : {}),
  };
}

function say(path: ProblemPath, vi: string, en: string): Problem {
  return { path, message: { vi, en } };
}
