#!/usr/bin/env node
// health.js: for a container's health check: exit status 0 when the service in it is ready. It needs nothing but Node.

const port = process.env.HOLDFAST_PORT || process.argv[2] || '2600';
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(2_000) });
  process.exit(ok ? 0 : 1);
} catch {
  process.exit(1);
}
