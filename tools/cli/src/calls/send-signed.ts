import { randomInt } from 'node:crypto';
import { CliError, isRow, networkCause } from '../errors.js';
import type { ApiKey } from '../settings/config.js';
import {
  SIGNATURE_WINDOW_S,
  signRequest,
  type Call,
  type SignedRequest,
} from './signed-request.js';

export interface ApiAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Parsed JSON, or the text if not JSON. */
  readonly body: unknown;
}

/** Time-out: the intake API decides within 8 s; a requested wait for the venue is added. */
const TIMEOUT_MS = 15_000;

const ATTEMPTS = 6;
const MARGIN_S = 30;

/**
 * Signs and sends a request. Timestamps have whole seconds: two equal requests within a second have
 * the same signature, and the second request is refused. A GET is signed again with another time of
 * the window. Other methods are not repeated, because the refusal may have prevented a second
 * payment.
 */
export async function sendSigned(call: Call, key: ApiKey): Promise<ApiAnswer> {
  const spent = new Set<number>();
  for (let attempt = 1; ; attempt += 1) {
    const timestamp = timeOtherThan(spent);
    spent.add(timestamp);
    const answer = await send(
      signRequest(call, key, timestamp),
      TIMEOUT_MS + (call.preferWait ?? 0) * 1000,
    );
    if (call.method !== 'GET' || attempt === ATTEMPTS || !isSpent(answer)) return answer;
  }
}

/**
 * Returns the current second first, afterwards an untried second of the window: a repeated time
 * would repeat the signature.
 */
function timeOtherThan(spent: ReadonlySet<number>): number {
  const now = Math.floor(Date.now() / 1000);
  if (spent.size === 0) return now;
  for (;;) {
    const time = now + randomInt(MARGIN_S - SIGNATURE_WINDOW_S, SIGNATURE_WINDOW_S - MARGIN_S);
    if (!spent.has(time)) return time;
  }
}

function isSpent({ status, body }: ApiAnswer): boolean {
  return (
    status === 401 && isRow(body) && body['message'] === 'Request signature has already been used'
  );
}

async function send(
  { method, url, headers, body }: SignedRequest,
  timeoutMs: number,
): Promise<ApiAnswer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body !== '' && { body }),
    });
    const text = await response.text();
    return { status: response.status, statusText: response.statusText, body: parsed(text) };
  } catch (error) {
    const unanswered =
      method === 'GET'
        ? ''
        : '; the outcome is unknown: query it with GET, or repeat the request with the same client_reference';
    throw new CliError(
      `intake-api gave no answer at ${new URL(url).origin} (${networkCause(error)}): is "npm start" still running?${unanswered}`,
      2,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
