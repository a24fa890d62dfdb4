import fc from 'fast-check';
import { bisect } from './bisect.js';

class Transient extends Error {}

function handler(poison: ReadonlySet<number>, transientAt = Infinity) {
  const done: number[] = [];
  const deadLetters: number[] = [];
  let calls = 0;
  return {
    done,
    deadLetters,
    policy: {
      attempts: 3,
      isTransient: (error: unknown) => error instanceof Transient,
      deadLetter: (message: number) => Promise.resolve(void deadLetters.push(message)),
      handle: (batch: readonly number[]) => {
        if (++calls === transientAt) return Promise.reject(new Transient());
        if (batch.some((message) => poison.has(message)))
          return Promise.reject(new Error('poison'));
        done.push(...batch);
        return Promise.resolve();
      },
    },
  };
}

describe('bisect', () => {
  it('handles a good batch once', async () => {
    const { done, deadLetters, policy } = handler(new Set());
    await bisect([1, 2, 3], policy);
    expect({ done, deadLetters }).toEqual({ done: [1, 2, 3], deadLetters: [] });
  });

  it('dead-letters exactly the poison, handles all others once and in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(200), { maxLength: 60 }),
        fc.func(fc.boolean()),
        async (batch, isPoison) => {
          const poison = new Set(batch.filter((n) => isPoison(n)));
          const { done, deadLetters, policy } = handler(poison);
          await bisect(batch, policy);
          expect(done).toEqual(batch.filter((n) => !poison.has(n)));
          expect(deadLetters).toEqual(batch.filter((n) => poison.has(n)));
        },
      ),
    ));

  it('stops at an infrastructure fault and dead-letters nothing for it', async () => {
    const { deadLetters, policy } = handler(new Set([2]), 2);
    await expect(bisect([1, 2, 3, 4], policy)).rejects.toBeInstanceOf(Transient);
    expect(deadLetters).toEqual([]);
  });

  it('gives a message that recovers its second chance', async () => {
    let failures = 0;
    const deadLetters: number[] = [];
    await bisect([7], {
      attempts: 3,
      isTransient: () => false,
      deadLetter: (message) => Promise.resolve(void deadLetters.push(message)),
      handle: () => (++failures < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });
    expect({ failures, deadLetters }).toEqual({ failures: 3, deadLetters: [] });
  });
});
