import type { Caller } from '@sluice/http-api';

/** Two people for approvals: the first may operate, the second may approve. */
export const TWO_PEOPLE: readonly [Caller, Caller] = [
  { kind: 'person', name: 'olivia', roles: ['operate'] },
  { kind: 'person', name: 'peter', roles: ['operate', 'approve'] },
];

/** Sends the request as both people in turn; returns the second response. */
export async function byTwo<T>(say: (caller: Caller) => Promise<T>): Promise<T> {
  const [first, second] = TWO_PEOPLE;
  await say(first);
  return say(second);
}
