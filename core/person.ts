import type { Role } from './role.ts';

/** Who asks: a signed-in person, a program with a token, or the home's local operator. */
export interface Person {
  /** Journal actor: `local`, `user:<name>` or `token:<name>`. */
  readonly actor: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Code of the agency whose sources and data the person manages. */
  readonly agency?: string;
}

/** The person who can open the home's socket. */
export const localOperator: Person = {
  actor: 'local',
  name: 'local',
  roles: ['admin', 'operator', 'steward', 'auditor', 'statistician', 'leader', 'department'],
};
