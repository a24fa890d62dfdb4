import { KeptAnswer } from './kept-answer.js';

function given(tookMs: number) {
  const clock = { ms: 0, reads: 0, fails: false };
  const answer = new KeptAnswer(
    () => {
      clock.ms += tookMs;
      clock.reads++;
      return clock.fails ? Promise.reject(new Error('away')) : Promise.resolve(clock.reads);
    },
    () => clock.ms,
  );
  return { clock, answer };
}

describe('an answer that is kept', () => {
  it('is read once for all who ask at once, and again after three seconds', async () => {
    const { clock, answer } = given(1);
    expect(await Promise.all([answer.get(), answer.get()])).toEqual([1, 1]);
    clock.ms += 2_999;
    expect(await answer.get()).toBe(1);
    clock.ms += 1;
    expect(await answer.get()).toBe(2);
  });

  it('is kept for ten times as long as its reading takes', async () => {
    const { clock, answer } = given(1_000);
    await answer.get();
    clock.ms += 9_999;
    expect(await answer.get()).toBe(1);
    clock.ms += 1;
    expect(await answer.get()).toBe(2);
  });

  it('is read again after a failure', async () => {
    const { clock, answer } = given(1);
    clock.fails = true;
    await expect(answer.get()).rejects.toThrow('away');
    clock.fails = false;
    expect(await answer.get()).toBe(2);
  });
});
