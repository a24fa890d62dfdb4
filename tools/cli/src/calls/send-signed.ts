import { randomInt } from 'node:crypto';
import { CliError, networkCause } from '../errors/errors.js';
import { isObject } from '@sluice/kernel';
import type { ApiKey } from '../settings/config.js';
import {
  SIGNATURE_WINDOW_S,
  signRequest,
  type CallToSign,
  type SignedRequest,
} from './signed-request.js';

interface ApiAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Parsed JSON, or the text if not JSON. */
  readonly body: unknown;
}

/** Time-out: the intake API decides within 8 s; a requested wait for the venue is added. */
const TIMEOUT_MS = 15_000;

const ATTEMPTS = 6;
/** Maximum shift of a repeated call; the rest of the window is for differences of the clocks. */
const FARTHEST_S = SIGNATURE_WINDOW_S - 30;

/**
 * Signs and sends a request. Timestamps have whole seconds: two equal requests within a second have
 * the same signature, and the second request is refused. A GET is signed again with another time of
 * the window. Other methods are not repeated, because the refusal may have prevented a second
 * payment.
 */
export async function sendSigned(call: CallToSign, key: ApiKey): Promise<ApiAnswer> {
  const timeoutMs = TIMEOUT_MS + (call.preferWait ?? 0) * 1000;
  for (let attempt = 1; ; attempt += 1) {
    const shift = attempt === 1 ? 0 : randomInt(-FARTHEST_S, FARTHEST_S);
    const timestamp = Math.floor(Date.now() / 1000) + shift;
    const answer = await send(signRequest(call, key, timestamp), timeoutMs);
    if (call.method !== 'GET' || attempt === ATTEMPTS || !isSpent(answer)) return answer;
  }
}

function isSpent({ status, body }: ApiAnswer): boolean {
  return (
    status === 401 &&
    isObject(body) &&
    body['message'] === 'Request signature has already been used'
  );
}

async function send(request: SignedRequest, timeoutMs: number): Promise<ApiAnswer> {
  const { method, url, headers, body } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const options = { method, headers, redirect: 'manual' as const, signal };
    const response = await fetch(url, body === '' ? options : { ...options, body });
    const { status, statusText } = response;
    return { status, statusText, body: parsed(await response.text()) };
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
