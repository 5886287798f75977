import type { Field } from './field.ts';
import { field, slotOf } from './field.ts';
import { feeFields, lineFields, taxRateFields } from './line-fields.ts';
import type { DrawnRow } from './table-extractor.ts';

/** Separates the amounts of one value; XML 1.0 does not allow it. */
export const amountSeparator = '\x1d';

const amounts = { amounts: true } as const;

/**
 * What the row of an invoice says of the rows below it, so that its totals are checked without joining them: the number
 * of its lines, and amounts as they are written. DuckDB sums them.
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

/** Lines of promotions and notes carry no value. */
const valueless: ReadonlySet<string> = new Set(['2', '4']);
const discount = '3';

/** Collects {@link partFields} of one invoice. */
export class InvoiceParts {
  #lines = 0;
  #goods: string | undefined;
  #discounts: string | undefined;
  #taxes: string | undefined;
  #fees: string | undefined;

  addLine({ values }: DrawnRow): void {
    this.#lines += 1;
    const kind = values[nature] ?? '';
    if (valueless.has(kind)) return;
    if (kind === discount) this.#discounts = joined(this.#discounts, values[lineAmount]);
    else this.#goods = joined(this.#goods, values[lineAmount]);
  }

  addRate({ values }: DrawnRow): void {
    this.#taxes = joined(this.#taxes, values[rateTax]);
  }

  addFee({ values }: DrawnRow): void {
    this.#fees = joined(this.#fees, values[feeAmount]);
  }

  /** Values of {@link partFields}. */
  get values(): readonly (string | undefined)[] {
    return [String(this.#lines), this.#goods, this.#discounts, this.#taxes, this.#fees];
  }
}

function joined(before: string | undefined, amount: string | undefined): string | undefined {
  if (before === undefined || amount === undefined) return before ?? amount;
  return before + amountSeparator + amount;
}
