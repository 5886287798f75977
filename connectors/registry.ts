import { covidDaily } from './covid-daily/connector.ts';
import { einvoice } from './einvoice/connector.ts';
import type { Connector } from './port.ts';
import { referenceTables } from './reference-tables/connector.ts';

/** Every connector the product knows; one line each. */
export const registry: readonly Connector[] = [covidDaily, einvoice, referenceTables];
