import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/soak/**', 'node_modules/**'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    env: { TZ: 'Asia/Ho_Chi_Minh' },
    pool: 'forks',
    maxWorkers: 2,
  },
});
