import type { AwaitedDto } from '@sluice/http-api';
import type { ServiceAdmin } from './service-admin.js';

/** True if the call still needs the approval of a second person. */
export function isAwaited(answer: object): answer is AwaitedDto {
  return 'approval_id' in answer;
}

/**
 * Completes a call of the first person. If the call needs a second person, `second` approves the
 * call.
 */
export async function approvedBy<T extends object>(
  second: Pick<ServiceAdmin, 'approve'>,
  asked: Promise<T | AwaitedDto>,
): Promise<T> {
  const answer = await asked;
  return isAwaited(answer) ? ((await second.approve(answer.approval_id)).result as T) : answer;
}
