import { parseAnswer } from '@sluice/admin-client/calls';
import { noteServerTime } from '../time/server-clock.js';
import { CallError, failureOf } from './call-error.js';
import { consoleHeader } from './recent-input.js';

interface ConsoleRequest {
  readonly method: string;
  /** Path with query at the console's server. */
  readonly path: string;
  /** Exact text of the body. */
  readonly body?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Longest reading, above the gateway's own timeout. Old data without an error would look fresh. */
const READ_TIMEOUT_MS = 35_000;
const STREAM = 'text/event-stream';

type Listener = () => void;

const endedListeners = new Set<Listener>();

/** Calls the listener whenever an answer reports the end of the session. Returns the removal. */
export function onSessionEnded(listener: Listener): () => void {
  endedListeners.add(listener);
  return () => endedListeners.delete(listener);
}

/** Sends a request with the console's header. Throws CallError if there is no answer. */
export async function consoleFetch(
  service: string,
  { method, path, body = null, headers = {}, signal }: ConsoleRequest,
): Promise<Response> {
  let response: Response;
  const timeout =
    method === 'GET' && headers['accept'] !== STREAM ? [AbortSignal.timeout(READ_TIMEOUT_MS)] : [];
  try {
    response = await fetch(path, {
      method,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      headers: {
        accept: 'application/json',
        'sluice-console': consoleHeader(method),
        ...(body !== null && { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.any([...(signal ? [signal] : []), ...timeout]),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new CallError(service, 'no_answer', 'the console did not answer');
  }
  noteServerTime(response.headers.get('date'));
  if (response.status === 401) for (const listener of endedListeners) listener();
  return response;
}

/** Sends a request, and returns the parsed answer. Throws CallError for any other than a success. */
export async function consoleCall(service: string, request: ConsoleRequest): Promise<object> {
  const response = await consoleFetch(service, request);
  const answer = parseAnswer(await bodyOf(service, response, request.signal));
  if (response.ok && answer !== undefined) return answer;
  throw refusalOf(service, response.status, answer);
}

async function bodyOf(
  service: string,
  response: Response,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new CallError(service, 'no_answer', 'the answer was lost on its way');
  }
}

/** Returns the error of an answer without success, with the service's own words. */
export function refusalOf(service: string, status: number, answer: unknown): CallError {
  const { message, data } = Object(answer) as { message?: unknown; data?: unknown };
  const { code } = Object(data) as { code?: unknown };
  if (status >= 200 && status < 300)
    return new CallError(service, 'broken', 'the answer has another form than expected', status);
  return new CallError(
    service,
    failureOf(status),
    typeof message === 'string' ? message : `status ${status}`,
    status,
    typeof code === 'string' ? code : null,
  );
}
