import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a program is installed; tests that need it skip with its name otherwise. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs `work` in a directory of its own and removes it. */
export function inDirectory<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-render-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The text of a PDF as poppler reads it. */
export function pdfText(bytes: Uint8Array, ...options: readonly string[]): string {
  return inDirectory((directory) => {
    const path = join(directory, 'a.pdf');
    writeFileSync(path, bytes);
    return execFileSync('pdftotext', [...options, path, '-'], { encoding: 'utf8' });
  });
}

/** A sheet of a workbook (counted from 1) as LibreOffice shows it: CSV with formulas, not values. */
export function libreOfficeCsv(bytes: Uint8Array, sheet: number): string {
  return inDirectory((directory) => {
    writeFileSync(join(directory, 'a.xlsx'), bytes);
    const filter = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,${sheet}`;
    const profile = `-env:UserInstallation=file://${join(directory, 'profile')}`;
    execFileSync(
      'soffice',
      [
        '--headless',
        profile,
        '--convert-to',
        filter,
        '--outdir',
        directory,
        join(directory, 'a.xlsx'),
      ],
      {
        stdio: 'ignore',
        timeout: 110_000,
      },
    );
    const listed = execFileSync('ls', [directory], { encoding: 'utf8' }).split('\n');
    const file = listed.find((name) => name.endsWith('.csv')) ?? 'a.csv';
    return readFileSync(join(directory, file), 'utf8');
  });
}
