/** Members of a state row's data by which lists are cut with an index. */
export const indexedMembers = [
  'source',
  'run',
  'key',
  'report',
  'schedule',
  'slot',
  'agency',
  'edition',
] as const;

/** One of {@link indexedMembers}. */
export type IndexedMember = (typeof indexedMembers)[number];

/** Whether a member has an index. */
export function isIndexed(member: string): member is IndexedMember {
  return indexedMembers.some((indexed) => indexed === member);
}
