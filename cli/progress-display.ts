import type { Clock } from '../core/clock.ts';
import type { Language } from '../core/localized.ts';
import type { Progress, ProgressStep } from '../core/progress.ts';
import type { Output } from './environment.ts';
import { textWidth } from './text-table.ts';

/** Where steps are shown, and its end. */
export interface ProgressDisplay {
  readonly progress: Progress;
  /** Clears the bar before other text is written. */
  readonly end: () => void;
}

/** Plain lines come at most this often for one step, in milliseconds. */
const lineEvery = 5000;
/** A bar is redrawn at most this often, in milliseconds. */
const barEvery = 100;

/** A bar on a terminal, plain lines elsewhere. */
export function progressDisplay(output: Output, language: Language, clock: Clock): ProgressDisplay {
  return output.isTTY === true
    ? barDisplay(output, language, clock)
    : lineDisplay(output, language, clock);
}

function barDisplay(output: Output, language: Language, clock: Clock): ProgressDisplay {
  let drawn = 0;
  let shown = false;
  return {
    progress: (step) => {
      const now = clock.now().getTime();
      if (now - drawn < barEvery && step.done !== step.total) return;
      drawn = now;
      shown = true;
      output.write(`\r\u001b[2K${bar(step, language, output.columns ?? 80)}`);
    },
    end: () => {
      if (shown) output.write('\r\u001b[2K');
      shown = false;
    },
  };
}

function lineDisplay(output: Output, language: Language, clock: Clock): ProgressDisplay {
  let last = '';
  let written = 0;
  return {
    progress: (step) => {
      const now = clock.now().getTime();
      const name = step.step[language];
      if (name === last && now - written < lineEvery) return;
      last = name;
      written = now;
      output.write(`${name} ${amount(step)}`.trimEnd() + '\n');
    },
    end: () => undefined,
  };
}

function bar(step: ProgressStep, language: Language, columns: number): string {
  const text = `${step.step[language]} ${amount(step)}`;
  if (step.total === undefined || step.total === 0) return text;
  const size = Math.max(0, Math.min(30, columns - textWidth(text) - 4));
  const full = Math.min(size, Math.round((size * step.done) / step.total));
  return `▕${'█'.repeat(full)}${'·'.repeat(size - full)}▏ ${text}`;
}

function amount({ done, total }: ProgressStep): string {
  if (total !== undefined) return `${done}/${total}`;
  return done > 0 ? String(done) : '';
}
