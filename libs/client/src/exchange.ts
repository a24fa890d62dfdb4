/** Every answer of the API, success or not. */
export interface AnswerEnvelope {
  readonly success: boolean;
  readonly message: string;
  readonly data?: unknown;
  readonly next_cursor?: number | string | null;
  readonly has_more?: boolean;
}

/**
 * Result of an HTTP request. Only a response in the API's own format counts as an answer: a proxy's
 * page proves nothing about the API.
 */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly envelope: AnswerEnvelope;
      readonly retryAfter: string | null;
      /** Null: the answer has no `X-Request-Id`. */
      readonly requestId: string | null;
    }
  | { readonly kind: 'unanswered'; readonly cause: unknown };

interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * Sends a request once. Redirects are not followed, because the signature is for this address.
 * Never rejects.
 */
export async function exchange(
  send: typeof fetch,
  { url, method, headers, body, signal }: HttpRequest,
): Promise<Exchange> {
  try {
    const response = await send(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== '' && { body }),
    });
    return read(response, await response.text());
  } catch (cause) {
    return { kind: 'unanswered', cause };
  }
}

function read({ status, headers }: Response, text: string): Exchange {
  const envelope = parsedJson(text);
  if (!isEnvelope(envelope) || envelope.success !== (status >= 200 && status < 300))
    throw new Error(`The answer has status ${status} and a body that is not of the API's form.`);
  const retryAfter = headers.get('retry-after');
  return { kind: 'answered', status, envelope, retryAfter, requestId: headers.get('x-request-id') };
}

/** Undefined for another text than JSON, for example a page of a proxy. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEnvelope(value: unknown): value is AnswerEnvelope {
  if (typeof value !== 'object' || value === null) return false;
  const { success, message } = value as Partial<AnswerEnvelope>;
  return typeof success === 'boolean' && typeof message === 'string';
}
