import type { Role } from '../core/role.ts';
import { healthDepartment } from './demo-sources.ts';
import type { Home } from './open-home.ts';

/** A demo sign-in; only ever made in a simulated, solo home. */
export interface DemoPerson {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly agency?: string;
}

const password = 'phu-sa-mo-phong';

/** One person for each of the roles that a demo shows. */
export const demoPeople: readonly DemoPerson[] = [
  { name: 'lanhdao', password, roles: ['leader'] },
  { name: 'thongke', password, roles: ['statistician'] },
  { name: 'donvi', password, roles: ['department'], agency: healthDepartment },
  { name: 'kiemtoan', password, roles: ['auditor'] },
  { name: 'quantri', password, roles: ['admin', 'operator', 'steward'] },
];

/** Adds the demo sign-ins that are not there yet. */
export async function addDemoPeople(home: Home): Promise<void> {
  for (const person of demoPeople) {
    if (!(await home.users.find(person.name))) await home.users.add(person, 'system');
  }
}
