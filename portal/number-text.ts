import type { Language } from './language.tsx';

/**
 * Exact decimal text as people write it: `1.234.567,8` in Vietnamese, `1,234,567.8` in English. Works on the digits, so
 * that no figure passes through a float. Rounds half away from zero when `decimals` is given.
 */
export function numberText(value: string, language: Language, decimals?: number): string {
  const [sign, digits, fraction] = parts(decimals === undefined ? value : rounded(value, decimals));
  const [group, point] = language === 'vi' ? ['.', ','] : [',', '.'];
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign}${grouped}${fraction === '' ? '' : point + fraction}`;
}

function parts(value: string): readonly [string, string, string] {
  const [, sign = '', digits = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  return [sign, digits, fraction];
}

function rounded(value: string, decimals: number): string {
  const [sign, digits, fraction] = parts(value);
  const kept = BigInt(digits + fraction.padEnd(decimals, '0').slice(0, decimals));
  const up = (fraction[decimals] ?? '0') >= '5';
  const scaled = (up ? kept + 1n : kept).toString().padStart(decimals + 1, '0');
  const whole = scaled.slice(0, scaled.length - decimals);
  const rest = decimals === 0 ? '' : `.${scaled.slice(scaled.length - decimals)}`;
  return `${/[1-9]/.test(scaled) ? sign : ''}${whole}${rest}`;
}
