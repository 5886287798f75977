import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { systemClock } from '../../core/clock.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { silentLogger } from '../../core/logger.ts';
import { makeHome } from '../../home/home-directory.ts';
import type { Home } from '../../home/open-home.ts';
import { createServer } from '../../server/create-server.ts';
import { openTestHome } from '../end-to-end/opened-home.ts';
import { chromiumPath, launchBrowser } from './browser.ts';

/** A home that enforces the second person, its server and a browser that looks at it. */
export interface RealPortal {
  readonly home: Home;
  readonly url: string;
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  signIn(name: string): Promise<void>;
  /** Pictures at both widths, where `PORTAL_PICTURES` names a directory. */
  picture(name: string): Promise<void>;
  /** Pixels by which the page is wider than a narrow screen. */
  overflow(): Promise<number>;
  close(): Promise<void>;
}

const pictures = process.env['PORTAL_PICTURES'];
const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 800 };

/** People of the test: an agency's IT officer, a steward, an auditor. */
const people = [
  { name: 'canbo', roles: ['department'], agency: 'H31.06' },
  { name: 'quanly', roles: ['steward'] },
  { name: 'kiemtoan', roles: ['auditor'] },
] as const;

/** Makes a home, builds the portal and serves both on loopback. */
export async function openRealPortal(): Promise<RealPortal> {
  const root = await mkdtemp(join(tmpdir(), 'phusa-real-portal-'));
  const portalDir = join(root, 'portal');
  await build({
    configFile: join(import.meta.dirname, '../../vite.config.ts'),
    root: join(import.meta.dirname, '../../portal'),
    logLevel: 'error',
    build: { outDir: portalDir },
  });
  const directory = join(root, 'home');
  await makeHome(directory, new Date());
  const home = await openTestHome(directory);
  await home.configure({ ...unnamedHome, solo: false });
  for (const person of people)
    await home.users.add({ ...person, password: `mat-khau-${person.name}` }, 'system');
  const server = await createServer({
    ...{ services: home.services, log: silentLogger, clock: systemClock },
    ...{ portalDir, publicUrl: undefined, version: '0' },
  });
  const url = await server.listen('127.0.0.1', 0);
  const browser = await launchBrowser(chromiumPath ?? '');
  const { page, complaints } = await openPage(browser);
  return {
    ...{ home, url, page, complaints },
    signIn: (name) => signIn(page, url, name),
    picture: (name) => picture(page, name),
    overflow: async () => {
      await page.setViewportSize(narrow);
      const pixels = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      await page.setViewportSize(wide);
      return pixels;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await home.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser) {
  const page = await browser.newPage({ viewport: wide });
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(url);
  await page.getByLabel('Tên đăng nhập').fill(name);
  await page.getByLabel('Mật khẩu').fill(`mat-khau-${name}`);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByText('Tổng quan').first().waitFor();
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  for (const [suffix, size] of [
    ['', wide],
    ['-narrow', narrow],
  ] as const) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(pictures, `${name}${suffix}.png`), fullPage: true });
  }
  await page.setViewportSize(wide);
}
