/** One condition as the form gives it; several values are separated by commas. */
export interface FilterRow {
  readonly column?: string;
  readonly op?: string;
  readonly value?: string;
}

/** What the form gives. A measure is written `fn:column`. */
export interface RequestForm {
  readonly dataset: string;
  readonly columns?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly measures?: readonly string[];
  readonly filters?: readonly FilterRow[];
  readonly format: string;
  readonly purpose: string;
  readonly legalBasis?: string;
  readonly agreement?: string;
  readonly recipient: string;
  readonly expires: string;
}

/** The request as the API takes it; what was left empty is left out. */
export function requestOf(form: RequestForm): object {
  const { measures = [], filters = [], columns, groupBy, expires, ...rest } = form;
  const until = expires.split('/').reverse().join('-');
  const lists = {
    columns,
    groupBy,
    measures: measures.map(measureOf),
    filters: filters.flatMap(filterOf),
  };
  return Object.fromEntries(
    Object.entries({ ...rest, expires: until, ...lists }).filter(
      ([, value]) => value !== undefined && value.length > 0,
    ),
  );
}

function measureOf(written: string): object {
  const colon = written.indexOf(':');
  return { fn: written.slice(0, colon), column: written.slice(colon + 1) };
}

function filterOf({ column, op, value = '' }: FilterRow): readonly object[] {
  if (column === undefined || op === undefined) return [];
  if (op === 'null') return [{ column, op }];
  const values = value.split(',').map((one) => one.trim());
  return [{ column, op, value: op === 'in' || op === 'between' ? values : value.trim() }];
}
