import type { WithdrawalDeliveryDto } from '@sluice/http-api';

type LastAttempt = Pick<
  WithdrawalDeliveryDto,
  'last_attempt_at' | 'last_http_status' | 'last_error'
>;

/** Answer of a receiver to the newest attempt, in words. A lost answer is not a refusal. */
export function lastAnswer({
  last_attempt_at: at,
  last_http_status: status,
  last_error: error,
}: LastAttempt): string {
  if (at === null) return 'not attempted yet';
  if (status !== null) return `status ${status}`;
  return `no answer${error === null ? '' : ` (${error})`}`;
}
