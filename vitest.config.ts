import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for processes of their own: leaving a core free, as vitest does, would leave two cores half idle.
    maxWorkers: '100%',
    globalSetup: ['tools/natsServer.ts'],
  },
});
