import { cleanText } from '../clean-text.ts';

const LONGEST_NAME = 31;

/**
 * A name Excel accepts: at most 31 characters without `[ ] * ? / \ :`, no apostrophe at either
 * end, not the reserved "History", and different from those taken whatever the case.
 */
export function sheetName(wanted: string, taken: readonly string[]): string {
  const allowed = cleanText(wanted)
    .replace(/[[\]*?/\\:\n]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s']+|[\s'.]+$/g, '');
  const base = allowed === '' || /^history$/i.test(allowed) ? 'Sheet' : allowed;
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let copy = 1; ; copy++) {
    const suffix = copy === 1 ? '' : ` ${copy}`;
    const name = base.slice(0, LONGEST_NAME - suffix.length).replace(/[\s']+$/, '') + suffix;
    if (!used.has(name.toLowerCase())) return name;
  }
}
