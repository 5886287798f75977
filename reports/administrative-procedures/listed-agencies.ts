import type { Language, Localized } from '../../core/localized.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { upperFirst } from '../layout/letter-case.ts';
import { roman } from '../layout/serial-text.ts';
import { byVietnameseName } from '../layout/vietnamese-order.ts';
import { AGENCY_GROUPS, type Agency, type AgencyGroup, type ProcedureNames } from './names.ts';
import { agencyKeys } from './row-keys.ts';

/** A group of agencies as printed: numbered heading, members in alphabetical order. */
export interface ListedGroup {
  readonly group: AgencyGroup;
  readonly heading: string;
  readonly agencies: readonly Agency[];
}

const HEADINGS: Readonly<Record<AgencyGroup, Localized>> = {
  provincial: { vi: 'Sở, ban, ngành thành phố', en: 'Departments of the city' },
  local: { vi: 'Đơn vị cấp xã', en: 'Commune agencies' },
  other: { vi: 'Cơ quan khác', en: 'Other agencies' },
};

/** The agencies of biểu 1 and 2 by group; a group without members is left out. */
export function listedGroups(
  handling: FigureTable,
  names: ProcedureNames,
  language: Language,
): readonly ListedGroup[] {
  const members = agencyKeys(handling).map(([code = '']) => named(code, names));
  return AGENCY_GROUPS.map((group) => ({
    group,
    agencies: byVietnameseName(members.filter((agency) => agency.group === group)),
  }))
    .filter(({ agencies }) => agencies.length > 0)
    .map(({ group, agencies }, index) =>
      headed(group, agencies, `${roman(index + 1)}. ${HEADINGS[group][language]}`),
    );
}

/** Words that all names of a group begin with are said once, in its heading: columns are narrow. */
function headed(group: AgencyGroup, agencies: readonly Agency[], heading: string): ListedGroup {
  const shared = sharedWords(agencies.map(({ name }) => name));
  if (shared === '') return { group, agencies, heading };
  return {
    group,
    heading: `${heading}: ${shared}`,
    agencies: agencies.map((agency) => ({
      ...agency,
      name: upperFirst(agency.name.slice(shared.length).trim()),
    })),
  };
}

/** Fewer words are no name of a kind of agency (“Sở”). */
const LEAST_SHARED = 3;

function sharedWords(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.split(' '));
  const differs = first.findIndex((word, index) => others.some((words) => words[index] !== word));
  const isKind = others.length > 0 && differs >= LEAST_SHARED;
  const shared = isKind ? first.slice(0, differs).join(' ') : '';
  return names.every((name) => name.length > shared.length) ? shared : '';
}

function named(code: string, { agencies }: ProcedureNames): Agency {
  const known = agencies.find((agency) => agency.code === code);
  return known ?? { code, name: code, group: 'other', listed: false };
}
