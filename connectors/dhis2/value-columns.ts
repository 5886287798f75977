/** The texts of a reported value, whatever the format; missing ones are NULL. */
export const valueColumns = [
  'data_set',
  'data_element',
  'period_given',
  'org_unit',
  'coc',
  'aoc',
  'disaggregation',
  'value',
  'stored_by',
  'created',
  'updated',
  'comment',
  'followup',
  'deleted',
] as const;

/** One of them. */
export type ValueColumn = (typeof valueColumns)[number];

/** Headers of CSV exports of all versions, in lower case. */
export const csvHeaders: Readonly<Record<string, ValueColumn>> = {
  dataset: 'data_set',
  dataelement: 'data_element',
  period: 'period_given',
  orgunit: 'org_unit',
  categoryoptioncombo: 'coc',
  catoptcombo: 'coc',
  attributeoptioncombo: 'aoc',
  attroptcombo: 'aoc',
  value: 'value',
  storedby: 'stored_by',
  created: 'created',
  timestamp: 'updated',
  lastupdated: 'updated',
  lastupd: 'updated',
  comment: 'comment',
  followup: 'followup',
  deleted: 'deleted',
};

/** Attributes of XML (dxf2 and ADX) and members of JSON; others of ADX are disaggregations. */
export const memberNames: Readonly<Record<string, ValueColumn>> = {
  dataSet: 'data_set',
  dataElement: 'data_element',
  period: 'period_given',
  orgUnit: 'org_unit',
  categoryOptionCombo: 'coc',
  attributeOptionCombo: 'aoc',
  value: 'value',
  storedBy: 'stored_by',
  created: 'created',
  timestamp: 'updated',
  lastUpdated: 'updated',
  comment: 'comment',
  followup: 'followup',
  followUp: 'followup',
  deleted: 'deleted',
};
