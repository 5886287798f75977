/** The seven roles. `department` sees and manages its own agency's sources and data; `auditor` changes nothing. */
export type Role =
  'statistician' | 'leader' | 'department' | 'auditor' | 'steward' | 'operator' | 'admin';

/** All roles, for validation and the authorisation matrix. */
export const roles = [
  'statistician',
  'leader',
  'department',
  'auditor',
  'steward',
  'operator',
  'admin',
] as const satisfies readonly Role[];
