const TRUE_DATE = globalThis.Date;

/** This process's clock is off by so much from here on, for all that runs in it; 0 sets it right. The venue and the database keep theirs. */
export function setProcessClock(offsetMs: number): void {
  globalThis.Date =
    offsetMs === 0
      ? TRUE_DATE
      : new Proxy(TRUE_DATE, {
          construct: (date, args: readonly number[]) =>
            (args.length === 0
              ? new date(date.now() + offsetMs)
              : Reflect.construct(date, args)) as object,
          get: (date, name) =>
            name === 'now' ? () => date.now() + offsetMs : (Reflect.get(date, name) as unknown),
        });
}
