/** A value that a template may stand for. */
export type TemplateValue = string | number | boolean | Date | undefined;

/** What the names of a template mean, by root: `config`, `secret`, `window`, `cursor`, `slice`, `page`, `job`, `now`. */
export type Scope = Readonly<Partial<Record<string, Readonly<Record<string, TemplateValue>>>>>;

/** One `{{ root.name? | filter(argument) }}`. */
export interface Reference {
  readonly root: string;
  readonly name: string;
  /** Marked with `?`: may be absent. */
  readonly optional: boolean;
  readonly filters: readonly { readonly name: string; readonly argument: string | undefined }[];
}

/** A template taken apart. */
export interface ParsedTemplate {
  readonly pieces: readonly (string | Reference)[];
  /** What could not be understood, in both languages together. */
  readonly problems: readonly string[];
}

/** How times are written where the template does not say. */
export type WriteTime = (time: Date, format?: string) => string;

const braces = /\{\{([^{}]*)\}\}/;
const inside = /^\s*([a-z]+)\.("[^"]+"|[A-Za-z0-9_]+)(\?)?\s*((?:\|[^|]*)*)$/;
const filter = /^\s*([a-z0-9]+)\s*(?:\(\s*(?:'([^']*)'|"([^"]*)"|(-?\d+))\s*\))?\s*$/;

/** The filters there are; the language has no others, and no code. */
export const filterNames = ['date', 'default', 'lower', 'upper', 'base64', 'add'] as const;

/** Takes a template apart. It never throws: what is wrong stands among the problems. */
export function parseTemplate(text: string): ParsedTemplate {
  const problems: string[] = [];
  const pieces = text.split(/(\{\{[^{}]*\}\})/).flatMap((piece): (string | Reference)[] => {
    const found = braces.exec(piece);
    if (found === null) {
      if (/\{\{|\}\}/.test(piece)) problems.push('{{ … }} không khép / is not closed');
      return piece === '' ? [] : [piece];
    }
    const reference = parseReference(found[1] ?? '', problems);
    return reference === undefined ? [] : [reference];
  });
  return { pieces, problems };
}

function parseReference(text: string, problems: string[]): Reference | undefined {
  const found = inside.exec(text);
  if (found === null) {
    problems.push(`“${text.trim()}” không phải dạng gốc.tên | bộ_lọc / is not root.name | filter`);
    return undefined;
  }
  const [, root = '', name = '', mark, rest = ''] = found;
  const filters = rest
    .split('|')
    .slice(1)
    .flatMap((one) => parseFilter(one, problems));
  return { root, name: name.replaceAll('"', ''), optional: mark === '?', filters };
}

function parseFilter(text: string, problems: string[]): Reference['filters'] {
  const [, name = '', single, double, digits] = filter.exec(text) ?? [];
  const known: readonly string[] = filterNames;
  if (!known.includes(name)) {
    problems.push(`không có bộ lọc / no such filter: ${text.trim()} (${filterNames.join(', ')})`);
    return [];
  }
  return [{ name, argument: single ?? double ?? digits }];
}

/**
 * The template with its references filled in; undefined when an optional reference has no value (the parameter is then
 * left out). Throws RangeError naming a reference that has no value and is not optional.
 */
export function renderTemplate(text: string, scope: Scope, write: WriteTime): string | undefined {
  const parts: string[] = [];
  for (const piece of parseTemplate(text).pieces) {
    const part = typeof piece === 'string' ? piece : valueOf(piece, scope, write);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join('');
}

function valueOf(reference: Reference, scope: Scope, write: WriteTime): string | undefined {
  const { root, name, filters, optional } = reference;
  let value: TemplateValue = scope[root]?.[name];
  for (const { name: how, argument } of filters) value = filtered(value, how, argument, write);
  if (value !== undefined) return value instanceof Date ? write(value) : String(value);
  if (optional) return undefined;
  throw new RangeError(`{{ ${root}.${name} }}`);
}

function filtered(
  value: TemplateValue,
  how: string,
  argument: string | undefined,
  write: WriteTime,
): TemplateValue {
  if (how === 'default') return value === undefined || value === '' ? argument : value;
  if (value === undefined) return undefined;
  if (how === 'date') return value instanceof Date ? write(value, argument) : value;
  if (how === 'lower') return String(value).toLowerCase();
  if (how === 'upper') return String(value).toUpperCase();
  if (how === 'base64') return Buffer.from(String(value)).toString('base64');
  return Number(value) + Number(argument ?? 0);
}
