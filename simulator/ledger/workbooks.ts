import { dayOf } from '../days.ts';
import type { RegisteredPupil } from '../school/register.ts';
import type { FormFigure } from '../statistics/monthly-forms.ts';
import { countOf, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** The latest stage of every figure of the monthly forms whose month begins in the range. */
export function formFigureLedger(figures: () => readonly FormFigure[]): LedgerStream {
  const rows = ({ from, to }: LedgerRange) =>
    figures().filter(({ month }) => {
      const day = dayOf(`${month}-01`);
      return day >= from && day <= to;
    });
  return { rows, counts: (range) => plainCounts(countOf(rows(range))) };
}

/** Every pupil of the school registers. */
export function registeredPupilLedger(pupils: () => readonly RegisteredPupil[]): LedgerStream {
  const rows = () =>
    pupils().map(({ school, year, classCode, pupil, state }) => ({
      ...{ school, year, class: classCode, pupil, state },
    }));
  return { rows, counts: () => plainCounts(pupils().length) };
}
