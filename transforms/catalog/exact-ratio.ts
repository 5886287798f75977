/** A decimal number as text: what the warehouse returns for BIGINT and DECIMAL. */
export type DecimalText = string;

interface Scaled {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * numerator ÷ denominator × multiplier, rounded half up (away from zero) to `decimals` places, exactly; undefined when
 * the denominator is 0 ("—", never 0 %). Throws RangeError on a text that is no decimal number.
 */
export function exactRatio(
  numerator: DecimalText,
  denominator: DecimalText,
  multiplier: number,
  decimals: number,
): DecimalText | undefined {
  const [above, below] = [scaled(numerator), scaled(denominator)];
  if (below.digits === 0n) return undefined;
  const dividend = above.digits * BigInt(multiplier) * tenTo(below.scale + decimals);
  const divisor = below.digits * tenTo(above.scale);
  return decimalText({ digits: divideHalfUp(dividend, divisor), scale: decimals });
}

/** Rounds a decimal text half up (away from zero). */
export function roundHalfUp(value: DecimalText, decimals: number): DecimalText {
  const { digits, scale } = scaled(value);
  if (scale <= decimals) {
    return decimalText({ digits: digits * tenTo(decimals - scale), scale: decimals });
  }
  return decimalText({ digits: divideHalfUp(digits, tenTo(scale - decimals)), scale: decimals });
}

function scaled(text: DecimalText): Scaled {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal number: ${text}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [above, below] = [absolute(dividend), absolute(divisor)];
  const quotient = (above * 2n + below) / (below * 2n);
  return negative ? -quotient : quotient;
}

function decimalText({ digits, scale }: Scaled): DecimalText {
  const sign = digits < 0n ? '-' : '';
  const text = String(absolute(digits)).padStart(scale + 1, '0');
  if (scale === 0) return `${sign}${text}`;
  return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}
