// Preloaded into a service by `node --import`: moves only the process's time of day. Timers and the
// monotonic clock stay right, as on a machine with a wrong clock. A file holds the offset in
// milliseconds and is read repeatedly: the clock can jump while the process runs.
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 200;
const file = process.env['NEMESIS_CLOCK_FILE'];
if (file !== undefined) moveClock(file);

function moveClock(source: string): void {
  const RealDate = Date;
  let offsetMs = readOffset(source);
  setInterval(() => {
    offsetMs = readOffset(source);
  }, LOOK_EVERY_MS).unref();
  const now = (): number => RealDate.now() + offsetMs;
  // A proxy keeps a single prototype: dates created by Node are still `instanceof Date`.
  const moved = new Proxy(RealDate, {
    construct: (target, args, newTarget): object =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
  });
  RealDate.prototype.constructor = moved;
  globalThis.Date = moved;
}

function readOffset(source: string): number {
  try {
    return Number(readFileSync(source, 'utf8')) || 0;
  } catch {
    return 0; // not written yet: right
  }
}
