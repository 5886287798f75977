import { connectorFile, tableRows } from '../connector-file.ts';
import { headerUnit } from './header-words.ts';

/** What a unit's text means: the unit itself, and the power of ten that figures are to be multiplied with. */
export interface UnitMeaning {
  readonly unit: string;
  readonly exponent: number;
}

/** The words, in `unit-words.csv`: multipliers have no unit, units no exponent. */
const words = new Map(
  tableRows(connectorFile('decode/unit-words.csv')).map((row) => [
    spelled(row['word'] ?? ''),
    { unit: row['unit'] ?? '', exponent: Number(row['exponent'] ?? 0) },
  ]),
);

/**
 * The meaning of a unit as officials print it: `nghìn người` is person × 10³, `Tỷ đồng` VND × 10⁹, `1000 tấn` tonne × 10³,
 * `Thous. persons` person × 10³. A unit that is not in the list keeps its text, without its multipliers.
 */
export function unitOfText(text: string): UnitMeaning {
  const bare = spelled(text);
  const whole = words.get(bare);
  if (whole !== undefined && whole.unit !== '') return whole;
  const parts = bare.split(' ');
  let exponent = 0;
  while (parts.length > 1) {
    const multiplier = words.get(parts[0] ?? '');
    if (multiplier?.unit !== '') break;
    exponent += multiplier.exponent;
    parts.shift();
  }
  const rest = parts.join(' ');
  return { unit: words.get(rest)?.unit || rest, exponent };
}

/**
 * The unit printed at the end of a name: in brackets (`Diện tích (Km2(*)`), or after a dash where it is one that the list
 * knows (`Total - Thous. pers.`). Undefined when there is none.
 */
export function unitInName(name: string): string | undefined {
  const inBrackets = headerUnit(name);
  if (inBrackets !== undefined) return inBrackets;
  const afterDash = /\s[-–]\s*([^-–]+)$/.exec(name)?.[1]?.trim() ?? '';
  const isKnown = [...words.values()].some(
    ({ unit }) => unit === unitOfText(afterDash).unit && unit !== '',
  );
  return isKnown ? afterDash : undefined;
}

function spelled(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/1[.,\s]?000(?=\s)/g, '1000')
    .replaceAll(/(?<=\p{L})\.(?=\s|$)/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
