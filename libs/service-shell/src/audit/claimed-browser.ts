import { isIP } from 'node:net';
import type { AdminRequest } from '@sluice/http-api';
import { plainAddress } from '../http/refused-credentials.js';

/** Request header of the console: the address of the person's browser. */
export const BROWSER_HEADER = 'sluice-browser';

/** Address of a person's browser as the caller claims it, proven by nothing; null without a claim. */
export function claimedBrowser({
  headers,
  caller,
  provenCaller,
}: Pick<AdminRequest, 'headers' | 'caller' | 'provenCaller'>): string | null {
  const claim = headers[BROWSER_HEADER];
  const isPerson = (caller ?? provenCaller)?.kind === 'person';
  return isPerson && typeof claim === 'string' && isIP(claim) !== 0 ? plainAddress(claim) : null;
}
