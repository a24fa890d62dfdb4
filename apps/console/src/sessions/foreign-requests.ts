import type { IncomingHttpHeaders } from 'node:http';

/** Header of every call of the console's page. Other sites cannot send it without permission. */
const CONSOLE_HEADER = 'sluice-console';

/**
 * `1`: an action of the person. `background`: a repeated read of the page, which does not extend the
 * session.
 */
const VALUES: ReadonlySet<unknown> = new Set(['1', 'background']);

/** Returns the reason to refuse a request that another site may have caused; null for none. */
export function foreignFault(headers: IncomingHttpHeaders, consoleUrl: string): string | null {
  const { origin, 'sec-fetch-site': site } = headers;
  if (!VALUES.has(headers[CONSOLE_HEADER]))
    return `The header ${CONSOLE_HEADER} is missing: only the console's own page may call this`;
  if (site !== undefined && site !== 'same-origin')
    return "Only the console's own page may call this";
  // browsers hide the origin of some requests of our own page, which has the policy no-referrer
  const isHidden = origin === 'null' && site === 'same-origin';
  return origin === undefined || origin === consoleUrl || isHidden
    ? null
    : "Only the console's own page may call this";
}

/** True if the request is an action of the person, which extends the session. */
export function isAction(headers: IncomingHttpHeaders): boolean {
  return headers[CONSOLE_HEADER] === '1';
}
