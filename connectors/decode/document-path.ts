/** A step into a document: a member, an index, every element of a list, or out to the record around. */
export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' }
  | { readonly kind: 'up' };

const step = /^(?:"((?:[^"\\]|\\.)*)"|([^.[\]"^]+)|\[(\d+)\]|(\[\])|(\^))/;

/** Takes `a."b c"[0].d[]` apart; undefined when it is not a path. The empty path is the document itself. */
export function parsePath(text: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  let rest = text;
  while (rest !== '') {
    const found = step.exec(rest);
    if (found === null) return undefined;
    const [whole, quoted, plain, index, each, up] = found;
    const name = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (name !== undefined) steps.push({ kind: 'member', name });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (each !== undefined) steps.push({ kind: 'each' });
    else if (up !== undefined) steps.push({ kind: 'up' });
    rest = rest.slice(whole.length);
    if (rest.startsWith('.')) rest = rest.slice(1) || '.';
    else if (rest !== '' && !rest.startsWith('[')) return undefined;
  }
  return steps;
}

/** The value at a path of a parsed document; undefined where there is none. Lists are not spread. */
export function valueAt(document: unknown, path: string): unknown {
  return (parsePath(path) ?? []).reduce<unknown>((here, one) => {
    if (one.kind === 'member') return memberOf(here, one.name);
    if (one.kind === 'index') return Array.isArray(here) ? (here[one.index] as unknown) : undefined;
    return here;
  }, document);
}

/** The records of a document: the list at a path, lists within lists spread; an object counts as one record. */
export function recordsAt(document: unknown, path: string): readonly unknown[] | undefined {
  let here: readonly unknown[] = [document];
  for (const one of parsePath(path) ?? []) {
    if (one.kind === 'each')
      here = here.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
    else if (one.kind === 'member') here = here.map((value) => memberOf(value, one.name));
    else if (one.kind === 'index') here = here.map((value) => valueAt(value, `[${one.index}]`));
  }
  const found = here.filter((value) => value !== undefined);
  if (found.length === 0) return path.includes('[]') ? [] : undefined;
  const [only] = found;
  if (found.length === 1 && only === null) return undefined;
  return found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
}

/** The path as DuckDB's JSON functions take it, e.g. `$."a"[0]`; `each` and `up` are handled by the caller. */
export function engineJsonPath(steps: readonly PathStep[]): string {
  return steps.reduce((path, one) => {
    if (one.kind === 'member') return `${path}."${one.name.replaceAll('"', '\\"')}"`;
    return one.kind === 'index' ? `${path}[${one.index}]` : path;
  }, '$');
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
