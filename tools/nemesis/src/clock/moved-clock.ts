// Loaded before a service by `node --import`: moves what the process takes for the time of day, and nothing else. Timers and the
// monotonic clock stay right, as they do on a machine whose clock was set wrongly. A file says by how many milliseconds, and is
// read again all the time, so that the clock also jumps while the process runs.
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
  // A proxy keeps one prototype: what Node itself makes is still `instanceof Date`.
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
