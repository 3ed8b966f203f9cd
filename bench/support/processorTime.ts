// processorTime.ts: a clock that stands still while others have the core.

/**
 * Milliseconds of processor time that this process has used, the collector's threads included. What one core does in a
 * second of it does not depend on who else uses the machine; alone on it, a second takes at most as long.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
