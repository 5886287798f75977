import { isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useAnswer } from '../use-answer.ts';

/** What reports are called in the reader's language; a report's key until that is known. */
export function useReportNames(): (report: string) => string {
  const { say } = useSpeech();
  const { state } = useAnswer('/reports');
  const answer: unknown = state.kind === 'answered' ? state.answer : [];
  const reports = Array.isArray(answer) ? answer.filter(isFacts) : [];
  return (report) => {
    const found = reports.find((each) => textAt(each, 'name') === report);
    return say(found?.['label'] ?? report);
  };
}
