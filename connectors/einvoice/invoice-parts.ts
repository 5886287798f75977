import type { DrawnRow } from './drawn-row.ts';
import type { Field } from './field.ts';
import { field, slotOf } from './field.ts';
import { feeFields, lineFields, taxRateFields } from './line-fields.ts';
import { plainAmount, plainValue } from './plain-value.ts';

/** Separates the amounts of one value; XML 1.0 does not allow it. */
export const amountSeparator = '\x1d';

const amounts = { amounts: true } as const;

/**
 * What the row of an invoice says of the rows below it, so that its totals are checked without joining them: the number
 * of its lines, and sums of amounts. Where an amount is not plain its text is listed beside the sum of the others, and
 * DuckDB adds them.
 */
export const partFields: readonly Field[] = [
  field('lines', 'integer', '', 'Số dòng hàng', 'Number of lines'),
  field('goods', 'varchar', '', 'Tiền hàng', 'Goods', amounts),
  field('discounts', 'varchar', '', 'Chiết khấu', 'Discounts', amounts),
  field('taxes', 'varchar', '', 'Tiền thuế', 'Taxes', amounts),
  field('fees', 'varchar', '', 'Tiền phí', 'Fees', amounts),
];

const nature = slotOf(lineFields, 'nature');
const lineAmount = slotOf(lineFields, 'amount');
const rateTax = slotOf(taxRateFields, 'tax_amount');
const feeAmount = slotOf(feeFields, 'fee');

const discount = '3';

/** Lines of promotions and notes carry no value. */
function isValueless(kind: string | undefined): boolean {
  return kind === '2' || kind === '4';
}

/** Collects {@link partFields} of one invoice. */
export class InvoiceParts {
  #lines = 0;
  readonly #goods = new AmountSum();
  readonly #discounts = new AmountSum();
  readonly #taxes = new AmountSum();
  readonly #fees = new AmountSum();

  addLine(row: DrawnRow): void {
    this.#lines += 1;
    const kind = row.character(nature);
    if (isValueless(kind)) return;
    (kind === discount ? this.#discounts : this.#goods).add(row, lineAmount);
  }

  addRate(row: DrawnRow): void {
    this.#taxes.add(row, rateTax);
  }

  addFee(row: DrawnRow): void {
    this.#fees.add(row, feeAmount);
  }

  /** Values of {@link partFields}. */
  get values(): readonly (string | undefined)[] {
    const sums = [this.#goods, this.#discounts, this.#taxes, this.#fees];
    return [String(this.#lines), ...sums.map((sum) => sum.text)];
  }
}

const million = 1_000_000;
/** Millionths that are surely summed exactly. */
const exact = 2 ** 52;

/** A sum of amounts, exact. */
class AmountSum {
  #millionths = 0;
  #any = false;
  /** What could not be summed here, separated. */
  #listed: string | undefined;

  add(row: DrawnRow, slot: number): void {
    const value = plainValue(row, slot, plainAmount);
    if (value === null) return;
    if (typeof value !== 'number') this.#list(row.text(slot) ?? '');
    else {
      this.#any = true;
      this.#millionths += value;
      if (Math.abs(this.#millionths) > exact) this.#flush();
    }
  }

  /** Undefined without any amount. */
  get text(): string | undefined {
    if (this.#listed === undefined) return this.#any ? textOf(this.#millionths) : undefined;
    return this.#any ? this.#listed + amountSeparator + textOf(this.#millionths) : this.#listed;
  }

  #list(text: string): void {
    this.#listed = this.#listed === undefined ? text : this.#listed + amountSeparator + text;
  }

  #flush(): void {
    this.#list(textOf(this.#millionths));
    this.#millionths = 0;
    this.#any = false;
  }
}

function textOf(millionths: number): string {
  const whole = Math.trunc(millionths / million);
  const part = Math.abs(millionths % million);
  if (part === 0) return String(whole);
  const sign = millionths < 0 ? '-' : '';
  return `${sign}${Math.abs(whole)}.${String(part).padStart(6, '0')}`;
}
