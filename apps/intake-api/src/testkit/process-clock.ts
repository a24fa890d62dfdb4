const RealDate = Date;

/** As if the clock of this process had been set by so much; everything else about time goes on as it does. Answers how to set it right again. */
export function setProcessClock(aheadMs: number): () => void {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [] | [string]) =>
      args.length === 0 ? new RealDate(RealDate.now() + aheadMs) : new target(...args),
    get: (target, name) =>
      name === 'now' ? () => RealDate.now() + aheadMs : (Reflect.get(target, name) as unknown),
  });
  return () => void (globalThis.Date = RealDate);
}
