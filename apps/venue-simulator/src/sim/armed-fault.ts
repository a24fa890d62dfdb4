export const REFUSALS = [
  'hang_then_refuse',
  'refuse_with_5xx',
  'html_body',
  'too_many_requests',
  'refuse_with',
] as const;
export const ACCEPTANCES = [
  'accept_then_hang',
  'accept_then_cut',
  'accept_then_5xx',
  'accept_then_answer',
] as const;

export type FaultName =
  | (typeof REFUSALS)[number]
  | (typeof ACCEPTANCES)[number]
  | 'in_other_form'
  | 'status_goes_back'
  | 'slow_listing';

export const ENCODINGS = ['gzip', 'deflate', 'br'] as const;

/** Fault ordered by a test. */
export interface ArmedFault {
  readonly id: number;
  readonly endpoint: string;
  readonly fault: FaultName;
  /** Number of affected requests. */
  readonly times: number;
  /** Number of requests to pass before the first affected request. */
  readonly after: number;
  /** HTTP status of the page for `html_body`, or HTTP status of a written answer. */
  readonly http_status: number;
  /** Body for `refuse_with` and `accept_then_answer`, sent in place of the venue's own answer. */
  readonly body: string;
  /** Content type of a written answer, and of the venue's own answer for `in_other_form`. */
  readonly content_type: string;
  /** Compression of the body, whatever the client accepts; empty for none. */
  readonly encoding: '' | (typeof ENCODINGS)[number];
  /** Header `Retry-After`; empty for none. */
  readonly retry_after: string;
}
