const RealDate = Date;

/** Shifts the clock of this process, not its timers; returns a function to restore the clock. */
export function setProcessClock(aheadMs: number): () => void {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [] | [string]) =>
      args.length === 0 ? new RealDate(RealDate.now() + aheadMs) : new target(...args),
    get: (target, name) =>
      name === 'now' ? () => RealDate.now() + aheadMs : (Reflect.get(target, name) as unknown),
  });
  return () => void (globalThis.Date = RealDate);
}
