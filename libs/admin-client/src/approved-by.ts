import type { AwaitedDto } from '@sluice/admin-api';
import type { ServiceAdmin } from './service-admin.js';

/** True for the answer to a call that a second person has to approve. */
export function isAwaited(answer: object): answer is AwaitedDto {
  return 'approval_id' in answer;
}

/** What one person has asked for, done: where it takes two, the other one approves it. */
export async function approvedBy<T extends object>(
  second: Pick<ServiceAdmin, 'approve'>,
  asked: Promise<T | AwaitedDto>,
): Promise<T> {
  const answer = await asked;
  return isAwaited(answer) ? ((await second.approve(answer.approval_id)).result as T) : answer;
}
