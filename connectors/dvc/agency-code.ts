/**
 * SQL for an agency's code in the spelling of QĐ 20/2020/QĐ-TTg (`H56.10`): the older one of QCVN 102:2016 has the
 * same groups in reverse with zeros for absent levels (`000.00.10.H56`).
 */
export function agencyCode(sql: string): string {
  return `case when regexp_full_match(trim(${sql}), '[0-9]{3}[.][0-9]{2}[.][0-9]{2}[.][A-Z][0-9]{2}')
    then array_to_string(list_filter(list_reverse(string_split(trim(${sql}), '.')),
      lambda part: not regexp_full_match(part, '0+')), '.')
    else trim(${sql}) end`;
}
