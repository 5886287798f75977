import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/soak/**/*.test.ts'],
    globalSetup: 'tests/harness/compiled.ts',
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    env: { TZ: 'Asia/Ho_Chi_Minh' },
    pool: 'forks',
    maxWorkers: 1,
  },
});
