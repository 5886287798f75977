const collator = new Intl.Collator('vi', { numeric: true });

/** Sorts by name in the Vietnamese alphabet (a ă â b c d đ …), numbers by value; equal names by code. */
export function byVietnameseName<T extends { readonly name: string; readonly code: string }>(
  members: readonly T[],
): readonly T[] {
  return members.toSorted(
    (a, b) => collator.compare(a.name, b.name) || collator.compare(a.code, b.code),
  );
}
