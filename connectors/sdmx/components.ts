import type { SdmxConfig } from './config.ts';

/**
 * Attributes of the cross-domain concepts and of the large publishers' structures. A structure-specific message or a
 * CSV file does not say which component is a dimension: what is not named here is one, unless the configuration says.
 */
const commonAttributes = new Set([
  ...['UNIT_MULT', 'UNIT_MEASURE', 'UNIT', 'UNIT_INDEX_BASE', 'BASE_PER', 'DECIMALS', 'PREF_SCALE'],
  ...[
    'OBS_STATUS',
    'CONF_STATUS',
    'CONF_STATUS_OBS',
    'OBS_CONF',
    'OBS_COM',
    'OBS_PRE_BREAK',
    'OBS_FLAG',
  ],
  ...[
    'COLL_METHOD',
    'COLLECTION',
    'COMPILATION',
    'COMMENT',
    'COMMENT_OBS',
    'COMMENT_TS',
    'COVERAGE',
  ],
  ...[
    'TITLE',
    'TITLE_COMPL',
    'NAT_TITLE',
    'TIME_FORMAT',
    'TIME_PER_COLLECT',
    'EMBARGO_TIME',
    'EMBARGO',
  ],
  ...[
    'SOURCE',
    'SOURCE_AGENCY',
    'SOURCE_PUB',
    'SERIES_COMMENT',
    'CONTACT_EMAIL',
    'DATA_COMP',
    'DISS_ORG',
  ],
  ...[
    'PUBL_ECB',
    'PUBL_MU',
    'PUBL_PUBLIC',
    'DOM_SER_IDS',
    'BREAKS',
    'PRE_BREAK_VALUE',
    'AVAILABILITY',
  ],
  ...[
    'LAST_UPDATE',
    'UPDATED',
    'REF_PERIOD_DETAIL',
    'ADJUST_DETAIL',
    'CURRENCY_NOTE',
    'VALUATION_NOTE',
  ],
]);

/** What is read of an observation's attributes. */
export interface ReadAttributes {
  readonly unit: string | undefined;
  readonly multiplier: string | undefined;
  readonly decimals: string | undefined;
  readonly status: string | undefined;
}

/** Whether a component is a dimension. */
export function isDimension(name: string, { dimensions, measures, time }: SdmxConfig): boolean {
  if (name === time) return true;
  if (measures.includes(name)) return false;
  return dimensions.length > 0
    ? dimensions.includes(name)
    : !commonAttributes.has(name.toUpperCase());
}

/** Names under which attributes that are read are known, the first that is there counts. */
export const attributeNames = {
  unit: ['UNIT_MEASURE', 'UNIT', 'unit'],
  multiplier: ['UNIT_MULT'],
  decimals: ['DECIMALS'],
  status: ['OBS_STATUS', 'OBS_FLAG'],
} as const satisfies Readonly<Record<keyof ReadAttributes, readonly string[]>>;

/** Codes that mean "not divided by this dimension". */
export const notApplicable: readonly string[] = ['', '_Z'];

/** The code of the cross-domain lists that means "total". */
export const totalCode = '_T';
