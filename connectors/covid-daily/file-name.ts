/** Names of daily files: a text with `YYYY`, `MM` and `DD`, e.g. `MM-DD-YYYY.csv`. */
export interface DailyName {
  /** Matches whole file names. */
  readonly pattern: RegExp;
  /** The day of a file (`yyyy-MM-dd`), or undefined when the name is another's or the day does not exist. */
  dayOf(name: string): string | undefined;
  nameOf(day: string): string;
}

/** Reads the naming rule of a source. */
export function dailyName(rule: string): DailyName {
  const source = rule
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replace('YYYY', String.raw`(?<year>\d{4})`)
    .replace('MM', String.raw`(?<month>\d{2})`)
    .replace('DD', String.raw`(?<day>\d{2})`);
  const pattern = new RegExp(`^${source}$`);
  return {
    pattern,
    dayOf: (name) => {
      const { year, month, day } = pattern.exec(name)?.groups ?? {};
      const text = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
      return isDay(text) ? text : undefined;
    },
    nameOf: (day) => {
      const [year = '', month = '', date = ''] = day.split('-');
      return rule.replace('YYYY', year).replace('MM', month).replace('DD', date);
    },
  };
}

/** Whether a text is a day of the calendar, `yyyy-MM-dd`. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && dayAt(time) === text;
}

/** The days from one to another, inclusive. */
export function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000)
    days.push(dayAt(time));
  return days;
}

function dayAt(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
