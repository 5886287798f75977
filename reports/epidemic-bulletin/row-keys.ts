/** Key of the row of the whole city. */
export const TOTAL: readonly string[] = ['total'];

/** Key of what a split former commune leaves without a commune of today. */
export const UNASSIGNED = '-';
