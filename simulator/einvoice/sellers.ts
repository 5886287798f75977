import { firmName, firmTaxCode, personalCode, personName } from '../city/people.ts';
import { populationsOn } from '../city/population.ts';
import { COMMUNES } from '../city/units.ts';
import { weightedChoice } from '../weighted-choice.ts';
import { REFORM } from '../horizon.ts';
import { at, Dice, hash, STREAM } from '../random.ts';
import { PRODUCTS, type Product } from './products.ts';

/** How a seller's invoicing software and tax position shape its invoices. */
export type InvoiceStyle = 'vat' | 'sales' | 'pos' | 'uncoded';

/** A simulated seller. */
export type Seller = {
  readonly position: number;
  /** 10 digits, 13 for a branch, 12 for a household business. */
  readonly taxCode: string;
  readonly name: string;
  /** Position in COMMUNES. */
  readonly commune: number;
  /** VSIC section, a letter. */
  readonly section: string;
  readonly isHousehold: boolean;
  readonly style: InvoiceStyle;
  /** Which vendor's writing habits (0–3). */
  readonly vendor: number;
  readonly version: '2.0.0' | '2.0.1' | '2.1.0';
  /** Share of all invoices, relative to the other sellers. */
  readonly weight: number;
  readonly products: readonly Product[];
  /** Sells fuel: retail sales come in the monthly summary only. */
  readonly isFuel: boolean;
};

const SELLERS_AT_SCALE_ONE = 600;
const FEWEST_SELLERS = 30;
const SECTIONS = ['G', 'G', 'G', 'G', 'C', 'C', 'F', 'F', 'H', 'H', 'I', 'I', 'J', 'M', 'N', 'S'];
const FUEL_EVERY = 75;

const chooseCommune = weightedChoice(populationsOn(REFORM));

function styleOf(dice: Dice, isHousehold: boolean): InvoiceStyle {
  if (isHousehold) return dice.chance(0.5) ? 'pos' : 'sales';
  const draw = dice.next();
  if (draw < 0.8) return 'vat';
  if (draw < 0.9) return 'pos';
  return draw < 0.96 ? 'uncoded' : 'sales';
}

function uniqueTaxCode(key: number, taken: Set<string>, isHousehold: boolean, dice: Dice): string {
  const base = isHousehold ? personalCode(key) : firmTaxCode(key);
  const code =
    !isHousehold && dice.chance(0.03)
      ? `${base}-${String(dice.int(4) + 1).padStart(3, '0')}`
      : base;
  if (taken.has(code)) return uniqueTaxCode(key + 1, taken, isHousehold, dice);
  taken.add(code);
  return code;
}

function sellerAt(seed: number, position: number, taken: Set<string>): Seller {
  const dice = new Dice(seed, STREAM.seller, position);
  const key = hash(seed, STREAM.seller, position, 1);
  const isFuel = position % FUEL_EVERY === 5;
  const isHousehold = !isFuel && dice.chance(0.12);
  const section = isFuel ? 'G' : isHousehold ? dice.pick(['G', 'I', 'S']) : dice.pick(SECTIONS);
  return {
    position,
    taxCode: uniqueTaxCode(key, taken, isHousehold, dice),
    name: isHousehold ? `Hộ kinh doanh ${personName(key)}` : firmName(key),
    commune: chooseCommune(dice.next()),
    section,
    isHousehold,
    style: isFuel ? 'vat' : styleOf(dice, isHousehold),
    vendor: dice.int(4),
    version: dice.pick(['2.0.0', '2.0.1', '2.0.1', '2.1.0']),
    weight: 0.15 + dice.next() ** 4 * 6,
    products: PRODUCTS.filter((product) => product.section === section),
    isFuel,
  };
}

/** The sellers of a seed and scale: about 600 at scale 1. */
export function createSellers(seed: number, scale: number): readonly Seller[] {
  const taken = new Set<string>();
  const count = Math.max(FEWEST_SELLERS, Math.round(SELLERS_AT_SCALE_ONE * scale));
  return Array.from({ length: count }, (_, position) => sellerAt(seed, position, taken));
}

/** A seller by its position. */
export function sellerBy(sellers: readonly Seller[], position: number): Seller {
  return at(sellers, position);
}

/** Code of the commune whose tax office manages a seller (today's map). */
export function communeCodeOf(seller: Seller): string {
  return at(COMMUNES, seller.commune).code;
}
