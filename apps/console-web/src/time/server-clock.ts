/** Time of the console's server, from its last answer; null before the first answer. */
let last: { readonly serverMs: number; readonly monotonicMs: number } | null = null;

/** Notes the header `date` of an answer. The clock of this machine may be hours off. */
export function noteServerTime(date: string | null): void {
  const serverMs = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(serverMs)) last = { serverMs, monotonicMs: performance.now() };
}

/** Time of the server in milliseconds, exact to a second; null before the first answer. */
export function serverNow(): number | null {
  return last === null ? null : last.serverMs + (performance.now() - last.monotonicMs);
}
