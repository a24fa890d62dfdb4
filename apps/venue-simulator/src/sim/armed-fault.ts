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
  (typeof REFUSALS)[number] | (typeof ACCEPTANCES)[number] | 'status_goes_back' | 'slow_listing';

/** What a test has ordered to go wrong. */
export interface ArmedFault {
  readonly id: number;
  readonly endpoint: string;
  readonly fault: FaultName;
  /** How many requests it hits. */
  readonly times: number;
  /** How many requests pass before it does. */
  readonly after: number;
  /** Of `html_body`: the status that the page comes with, 200 or 502. Of a written answer: its status. */
  readonly http_status: number;
  /** Of `refuse_with` and `accept_then_answer`: what is answered instead of the venue's own answer. */
  readonly body: string;
  readonly content_type: string;
}
