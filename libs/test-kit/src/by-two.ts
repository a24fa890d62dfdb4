import type { Caller } from '@sluice/admin-api';

/** Two people who say the same: the first may operate, the second may approve. */
export const TWO_PEOPLE: readonly [Caller, Caller] = [
  { kind: 'person', name: 'olivia', roles: ['operate'] },
  { kind: 'person', name: 'peter', roles: ['operate', 'approve'] },
];

/** Says it as one person, and then as the other one; answers what the second is told. */
export async function byTwo<T>(say: (caller: Caller) => Promise<T>): Promise<T> {
  const [first, second] = TWO_PEOPLE;
  await say(first);
  return say(second);
}
