/** Members asked for in a body of PX-Web, by variable: version 1 and 2 spell the two names differently. */
export function askedMembers(
  body: string,
  variable: 'code' | 'variableCode',
  members: 'values' | 'valueCodes',
): ReadonlyMap<string, readonly string[]> {
  const given: unknown = JSON.parse(body);
  const list = member(given, variable === 'code' ? 'query' : 'selection');
  if (!Array.isArray(list)) return new Map();
  return new Map(
    list.map((one: unknown) => {
      const values = member(variable === 'code' ? member(one, 'selection') : one, members);
      return [String(member(one, variable)), Array.isArray(values) ? values.map(String) : []];
    }),
  );
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
