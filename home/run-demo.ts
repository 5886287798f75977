import type { ExitCode } from '../cli/environment.ts';
import type { ProgressDisplay } from '../cli/progress-display.ts';
import { seriesParts } from '../core/calendar-expression.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import { unnamedHome } from '../core/home-profile.ts';
import { asJson, optionalText } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import { formatPeriod } from '../core/period.ts';
import { reports } from '../reports/registry.ts';
import type { Call, IngestResult } from '../services/port.ts';
import { addBuiltInTables, builtInSource } from './built-in-tables.ts';
import { addDemoPeople, demoPeople } from './demo-people.ts';
import { addCitySources } from './demo-sources.ts';
import { ingestAbreast } from './ingest-abreast.ts';
import type { Home } from './open-home.ts';
import { addReportSchedules, addSourceSchedule } from './standard-schedules.ts';
import { systemCall } from './system-call.ts';

/** How the demo talks. */
export interface DemoOptions {
  readonly json: boolean;
  readonly language: Language;
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/** The main job: reads every source, builds every mart, issues the last complete period's reports, says where they are. */
export async function runDemo(
  home: Home,
  city: { readonly url: string; readonly now: string; readonly years: number },
  options: DemoOptions,
): Promise<ExitCode> {
  await prepareDemo(home);
  const call = systemCall({ progress: options.display.progress, signal: options.signal });
  const sources = [builtInSource, ...(await addCitySources(home, city, call))];
  const runs = await ingestAbreast(home, sources, call);
  const build = await home.services.assets.build(call, {});
  const editions = await issueAll(home, call);
  for (const source of sources) await addSourceSchedule(home, source);
  options.display.end();
  tell({ runs, built: build.built, editions }, home, options);
  return runs.some(({ status }) => status === 'failed' || status === 'cancelled') ? 1 : 0;
}

async function prepareDemo(home: Home): Promise<void> {
  const profile = await home.profile();
  if (!profile.simulated) await home.configure({ ...unnamedHome, solo: true, simulated: true });
  await addBuiltInTables(home);
  await addDemoPeople(home);
  await addReportSchedules(home);
}

async function issueAll(home: Home, call: Call): Promise<readonly JsonObject[]> {
  const today = localDateOf(new Date(), VIETNAM_ZONE);
  const editions: JsonObject[] = [];
  for (const { name, series } of reports) {
    const { kind, window } = seriesParts(series);
    const period = home.periods.lastComplete(kind, today, window);
    if (!period) continue;
    editions.push(await home.services.reports.issue(call, name, { period: formatPeriod(period) }));
  }
  return editions;
}

interface DemoOutcome {
  readonly runs: readonly IngestResult[];
  readonly built: readonly JsonObject[];
  readonly editions: readonly JsonObject[];
}

function tell(outcome: DemoOutcome, home: Home, options: DemoOptions): void {
  const changed = changesOf(outcome);
  if (options.json) {
    const { runs, built, editions } = outcome;
    process.stdout.write(
      `${JSON.stringify(asJson({ home: home.directory, changed, runs, built, editions }))}\n`,
    );
    return;
  }
  const vi = options.language === 'vi';
  const lines = [
    ...outcome.runs.map((run) => runLine(run, vi)),
    changed
      ? vi
        ? 'Đã cập nhật kho và báo cáo.'
        : 'Warehouse and reports were updated.'
      : vi
        ? 'Không có gì thay đổi so với lần chạy trước.'
        : 'Nothing has changed since the last run.',
    ...outcome.editions.flatMap((edition) => editionLines(edition, home)),
    `${vi ? 'Đăng nhập thử' : 'Demo sign-ins'}: ${demoPeople.map(({ name, password }) => `${name} / ${password}`).join(', ')}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function changesOf({ runs, built, editions }: DemoOutcome): boolean {
  const rows = runs
    .flatMap(({ streams }) => streams)
    .some((s) => s.new + s.changed + s.deleted > 0);
  return rows || built.length > 0 || editions.some((edition) => edition['outcome'] === 'issued');
}

function runLine({ source, status, streams }: IngestResult, vi: boolean): string {
  const sum = (pick: (stream: (typeof streams)[number]) => number) =>
    streams.reduce((n, s) => n + pick(s), 0);
  const counts = [
    [vi ? 'nhận' : 'received', sum((s) => s.received)],
    [vi ? 'mới' : 'new', sum((s) => s.new)],
    [vi ? 'đổi' : 'changed', sum((s) => s.changed)],
    [vi ? 'như cũ' : 'unchanged', sum((s) => s.unchanged)],
    [vi ? 'trùng' : 'duplicate', sum((s) => s.duplicate)],
    [vi ? 'ngoài phạm vi' : 'filtered', sum((s) => s.filtered)],
    [vi ? 'cách ly' : 'quarantined', sum((s) => s.quarantined)],
  ] as const;
  return `${source}: ${status} · ${counts.map(([name, n]) => `${name} ${n.toLocaleString('vi-VN')}`).join(' · ')}`;
}

function editionLines(edition: JsonObject, home: Home): readonly string[] {
  const report = optionalText(edition, 'report') ?? '';
  const period = optionalText(edition, 'period') ?? '';
  const base = `${home.directory}/editions/${report}/${period}/${report}_${period}_v${Number(edition['version'])}`;
  return [`${base}.pdf`, `${base}.xlsx`];
}
