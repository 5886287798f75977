/** What the API answers, read member by member: the portal never trusts a shape it has not looked at. */
export type Facts = Readonly<Record<string, unknown>>;

/** Whether a value is an object (not a list). */
export function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value along a path of members; undefined where it ends. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, name) => (isFacts(here) ? here[name] : undefined), value);
}

/** The text along a path; numbers as text. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' ? found : undefined;
}

/** The number along a path. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The list of objects along a path; empty where there is none. */
export function factsAt(value: unknown, ...path: readonly string[]): readonly Facts[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFacts) : [];
}
