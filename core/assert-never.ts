/** Ends a switch over a closed union: a new member stops compiling here. */
export function assertNever(value: never): never {
  throw new TypeError(`not a member of the union: ${JSON.stringify(value)}`);
}
