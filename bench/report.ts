import type { Figure } from './contender.ts';
import { isMet, type Goal } from './goal.ts';
import type { JobReport } from './job.ts';

const headings = ['phase', 'contender', 'seconds', 'CPU s', 'per second', 'peak GB'];

/** A job's figures and goals as text. */
export function reportText(report: JobReport): string {
  const { job, title, unit, amount, amountOf, figures, goals } = report;
  const rows = figures.map((figure) => figureCells(figure, amountOf?.[figure.phase] ?? amount));
  return [
    `${job}  ${amount.toLocaleString('en')} ${unit}: ${title}`,
    '',
    aligned([headings, ...rows]),
    '',
    aligned(goals.map(goalCells)),
    '',
  ].join('\n');
}

function figureCells(figure: Figure, amount: number): readonly string[] {
  const { phase, contender, seconds, cpuSeconds, peakBytes } = figure;
  const rate = Math.round(amount / seconds).toLocaleString('en');
  return [
    phase,
    contender,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    rate,
    (peakBytes / 1e9).toFixed(2),
  ];
}

function goalCells(goal: Goal): readonly string[] {
  const { what, value, digits, most, least } = goal;
  const bound = most === undefined ? `≥ ${least ?? ''}` : `≤ ${most}`;
  return [verdict(goal), what, value?.toFixed(digits) ?? '-', bound];
}

function verdict(goal: Goal): string {
  const met = isMet(goal);
  return met === null ? 'NOT JUDGED' : met ? 'PASS' : 'MISS';
}

function aligned(rows: readonly (readonly string[])[]): string {
  const width = (at: number) => Math.max(...rows.map((row) => row[at]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(width(at)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
