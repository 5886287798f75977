/** A duration by parts; months keep their own length, so it is added to a calendar date. */
export interface Duration {
  readonly months: number;
  readonly ms: number;
}

const parts =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Reads an ISO 8601 duration that the schema has let through. */
export function parseDuration(text: string): Duration {
  const [years, months, weeks, days, hours, minutes, seconds] = (parts.exec(text) ?? [])
    .slice(1)
    .map((part) => Number((part as string | undefined) ?? 0));
  const inDays = (weeks ?? 0) * 7 + (days ?? 0);
  const inSeconds = inDays * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return { months: (years ?? 0) * 12 + (months ?? 0), ms: inSeconds * 1000 };
}

/** Whether a duration is nothing. */
export function isZero({ months, ms }: Duration): boolean {
  return months === 0 && ms === 0;
}
