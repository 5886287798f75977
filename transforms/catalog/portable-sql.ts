/** Constructs of DuckDB that do not carry over to PostgreSQL, or that hide column lineage. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\bgroup\s+by\s+all\b/i, 'group by all'],
  [/\border\s+by\s+all\b/i, 'order by all'],
  [/\bselect\s+(?:\w+\.)?\*/i, 'select *'],
  [/\b(?:median|max_by|min_by|arg_max|arg_min)\s*\(/i, 'median, max_by, min_by, arg_max, arg_min'],
  [/\bregexp_extract\s*\(/i, 'regexp_extract'],
  [/\bstrip_accents\s*\(/i, 'strip_accents'],
  [/\blist\s*\([^)]*\)\s*\[/i, 'list(…)[n]'],
  [/\b(?:list|array_agg|any_value|first|last|mode)\s*\(/i, 'a list, or any value of several'],
  [/\b(?:semi|anti|asof|positional)\s+join\b/i, 'a semi, anti, asof or positional join'],
  [/\bdistinct\s+on\s*\(/i, 'distinct on'],
  [/\b(?:double|float|real)\b/i, 'a floating-point type'],
];

/** Says, by line, where a transform leaves the portable subset. Comments are not looked at. */
export function portabilityProblems(sql: string): readonly string[] {
  const code = withoutComments(sql);
  return FORBIDDEN.flatMap(([pattern, what]) => {
    const at = code.search(pattern);
    return at < 0 ? [] : [`line ${lineAt(code, at)}: ${what} is outside the portable subset`];
  });
}

/** Blanks comments out, keeping every line break. */
function withoutComments(sql: string): string {
  return sql.replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
