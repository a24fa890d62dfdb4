// Read once from the environment and not from a service's configuration: the relay and the consumers pass through crash
// points too, and production must not be able to configure them.
const [target, nth] =
  process.env['NODE_ENV'] === 'production' ? [] : (process.env['FAULT_AT'] ?? '').split(':');
const passages = new Map<string, number>();

/** The named moments at which a fault test may kill a process: K1 to K12 of docs/operations.md, "Crash points". */
export type CrashPoint =
  'K1' | 'K2' | 'K3' | 'K4' | 'K5' | 'K6' | 'K7' | 'K8' | 'K9' | 'K10' | 'K11' | 'K12';

/** Kills this process without any goodbye when `FAULT_AT=<point>[:n]` asks for it on the n-th passage; inert otherwise. */
export function crashAt(point: CrashPoint): void {
  if (point !== target) return;
  const passage = (passages.get(point) ?? 0) + 1;
  passages.set(point, passage);
  if (passage === Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL');
}
