/**
 * SQL for the id of the period that a code or text names, as core/period.ts spells it; NULL when it names none. Spellings:
 * SDMX (`2020-Q1`, `2020-S1`, `2020-M03`, `2020-A1`, `2020-W05`), PX (`2020M03`, `2020Q1`, `2020H1`, `2020W05`), ISO, and
 * Vietnamese (`Năm 2020`, `Quý I/2020`, `Tháng 3 năm 2020`, `6 tháng đầu năm 2020`, `9 tháng 2020`, `Sơ bộ 2023`).
 */
export function periodOfText(sql: string): string {
  const text = `upper(trim(${wordless(sql)}))`;
  const parts = (pattern: string, group: number) =>
    `regexp_extract(${text}, '${pattern}', ${group})`;
  const when = (pattern: string, period: (group: (n: number) => string) => string) =>
    `when regexp_full_match(${text}, '${pattern}') then ${period((n) => parts(pattern, n))}`;
  const month = (year: string, number: string) => `${year} || '-' || lpad(${number}, 2, '0')`;
  return `case
    ${when('(\\d{4})(?:-A1?)?', (g) => g(1))}
    ${when('(\\d{4})-?[MT]?(0[1-9]|1[0-2])', (g) => month(g(1), g(2)))}
    ${when('(\\d{4})-?[MT]([1-9])', (g) => month(g(1), g(2)))}
    ${when('(\\d{4})-?[QK]0?([1-4])', (g) => `${g(1)} || '-Q' || ${g(2)}`)}
    ${when('(\\d{4})-?[HS]0?([12])', (g) => `${g(1)} || '-H' || ${g(2)}`)}
    ${when('(\\d{4})-?[WV](0[1-9]|[1-4]\\d|5[0-3])', (g) => `${g(1)} || '-W' || ${g(2)}`)}
    ${when('(\\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])', (g) => `${g(1)} || '-' || ${g(2)} || '-' || ${g(3)}`)}
    ${when('(?:NĂM|YEAR)\\s*(\\d{4})', (g) => g(1))}
    ${when('(?:THÁNG|T)\\s*(0?[1-9]|1[0-2])\\s*(?:[/-]|NĂM)\\s*(\\d{4})', (g) => month(g(2), g(1)))}
    ${when('(0?[1-9]|1[0-2])/(\\d{4})', (g) => month(g(2), g(1)))}
    ${when('QUÝ\\s*([1-4]|IV|I{1,3})\\s*(?:[/-]|NĂM)\\s*(\\d{4})', (g) => `${g(2)} || '-Q' || case ${g(1)} when 'I' then '1' when 'II' then '2' when 'III' then '3' when 'IV' then '4' else ${g(1)} end`)}
    ${when('(?:6|SÁU)\\s*THÁNG\\s*(ĐẦU|CUỐI)?\\s*(?:NĂM)?\\s*(\\d{4})', (g) => `${g(2)} || if(${g(1)} = 'CUỐI', '-H2', '-H1')`)}
    ${when('(?:9|CHÍN)\\s*THÁNG\\s*(?:ĐẦU)?\\s*(?:NĂM)?\\s*(\\d{4})', (g) => `${g(1)} || '-9M'`)}
    end`;
}

const preliminary = 'sơ bộ|so bo|prel\\.?|preliminary|\\(p\\)|\\*';
const estimate = 'ước tính|ước thực hiện|ước|uoc|estimate|est\\.?|\\(e\\)';

/** SQL for the vintage a period's text carries: `Sơ bộ 2023`, `Prel. 2023`, `Ước 2024`; `''` when it carries none. */
export function vintageOfText(sql: string): string {
  return `case when regexp_matches(lower(${sql}), '(^|\\s)(${preliminary})|(${preliminary})$') then 'preliminary'
    when regexp_matches(lower(${sql}), '(^|\\s)(${estimate})|(${estimate})$') then 'estimate' else '' end`;
}

/** SQL for a period's text without the words of its vintage. */
function wordless(sql: string): string {
  return `regexp_replace(nfc_normalize(${sql}), '(?i)(${preliminary}|${estimate}|thực hiện)', '', 'g')`;
}
