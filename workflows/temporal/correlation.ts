/** Name of the header that says who asked for a run, in logs of every process it passes. */
export const correlationHeader = 'phusa-correlation';
