import { defineConfig } from 'vitest/config';

const notHere = ['tests/soak/**', 'node_modules/**'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 180_000,
    env: { TZ: 'Asia/Ho_Chi_Minh' },
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/end-to-end/**', 'tests/kill/**', ...notHere],
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['tests/end-to-end/**/*.test.ts', 'tests/kill/**/*.test.ts'],
          exclude: notHere,
          globalSetup: 'tests/harness/compiled.ts',
        },
      },
    ],
  },
});
