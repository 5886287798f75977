import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a system browser may be. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; undefined when there is none (`.ci/run` installs it). */
export const chromiumPath = [process.env['CHROMIUM'] ?? '', ...places].find(existsSync);

/** A headless browser that reaches nothing but what it is told. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
