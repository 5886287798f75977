import { PhusaError } from '../core/errors.ts';
import type { Person } from '../core/person.ts';

/** A department's user works for its own agency only. Throws data `not-permitted`. */
export function allowAgency(person: Person, agency: string): void {
  const onlyDepartment = person.roles.every((role) => role === 'department');
  if (!onlyDepartment || person.agency === agency) return;
  throw new PhusaError({
    group: 'data',
    code: 'not-permitted',
    message: {
      vi: `Bạn chỉ được làm việc với dữ liệu của đơn vị mình, không phải “${agency}”.`,
      en: `You work for your own agency's data only, not “${agency}”.`,
    },
  });
}

/** Nobody approves their own request; a solo home has no second person and says so on every page and file. */
export function requireSecondPerson(solo: boolean, person: Person, requester: string): void {
  if (solo || person.actor !== requester) return;
  throw new PhusaError({
    group: 'data',
    code: 'not-permitted',
    message: {
      vi: 'Không ai được tự duyệt yêu cầu của mình.',
      en: 'Nobody approves their own request.',
    },
    remedy: { vi: 'Nhờ người khác có quyền duyệt.', en: 'Ask another person who may approve.' },
  });
}
