#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write(
    'Chưa biên dịch: chạy "npm install" hoặc "npm run build" trước.\n' +
      'Not compiled: run "npm install" or "npm run build" first.\n',
  );
  process.exitCode = 2;
}
