const TRUE_DATE = globalThis.Date;

/**
 * Shifts the clock of this process by an offset in ms; 0 resets the clock. The clocks of the venue
 * and the database stay unchanged.
 */
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
