import fc from 'fast-check';
import { divide } from './divide.js';

class Transient extends Error {}

function handler(poison: ReadonlySet<number>, transientAt = Infinity) {
  const done: number[] = [];
  const parked: number[] = [];
  let calls = 0;
  return {
    done,
    parked,
    policy: {
      tries: 3,
      isTransient: (error: unknown) => error instanceof Transient,
      park: (message: number) => Promise.resolve(void parked.push(message)),
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

describe('divide', () => {
  it('hands a good batch over once', async () => {
    const { done, parked, policy } = handler(new Set());
    await divide([1, 2, 3], policy);
    expect({ done, parked }).toEqual({ done: [1, 2, 3], parked: [] });
  });

  it('parks exactly the poison, handles all others once and in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(200), { maxLength: 60 }),
        fc.func(fc.boolean()),
        async (batch, isPoison) => {
          const poison = new Set(batch.filter((n) => isPoison(n)));
          const { done, parked, policy } = handler(poison);
          await divide(batch, policy);
          expect(done).toEqual(batch.filter((n) => !poison.has(n)));
          expect(parked).toEqual(batch.filter((n) => poison.has(n)));
        },
      ),
    ));

  it('stops at a fault of the surroundings and parks nothing for it', async () => {
    const { parked, policy } = handler(new Set([2]), 2);
    await expect(divide([1, 2, 3, 4], policy)).rejects.toBeInstanceOf(Transient);
    expect(parked).toEqual([]);
  });

  it('gives a message that recovers its second chance', async () => {
    let failures = 0;
    const parked: number[] = [];
    await divide([7], {
      tries: 3,
      isTransient: () => false,
      park: (message) => Promise.resolve(void parked.push(message)),
      handle: () => (++failures < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    });
    expect({ failures, parked }).toEqual({ failures: 3, parked: [] });
  });
});
