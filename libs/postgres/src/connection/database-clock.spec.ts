import { monotonicMs, RemoteClock } from '@sluice/runtime';
import { DatabaseClock, type DatabaseClockOptions } from './database-clock.js';

describe('DatabaseClock', () => {
  /** The process is `aheadMs` ahead of a database whose clock says what `ask` answers. */
  const given = async (
    ask: () => Promise<number>,
    aheadMs = 0,
    options: DatabaseClockOptions = {},
  ) => {
    const query = async <R>() => [{ ms: await ask() }] as R[];
    const clock = new DatabaseClock(
      { query },
      { clock: new RemoteClock(undefined, () => new Date(Date.now() + aheadMs)), ...options },
    );
    await clock.read();
    return clock;
  };
  const right = () => Promise.resolve(Date.now());

  it('does not start without a reading, so that it can always say a time', async () => {
    await expect(given(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  it.each([
    [
      121_000,
      `this process's clock is 121 s ahead of its database's: one of the two machines has a wrong time`,
    ],
    [
      -2_600,
      `this process's clock is 3 s behind its database's: one of the two machines has a wrong time`,
    ],
    [1_900, null],
    [-1_900, null],
  ])('a process that is %d ms ahead: %s', async (aheadMs, fault) => {
    expect((await given(right, aheadMs)).fault()).toBe(fault);
  });

  it('tells the time of the database, whatever the process believes', async () => {
    const clock = await given(right, 3_600_000);

    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2_000);
  });

  it('says by how much the clock of the database was set, and believes it', async () => {
    const jumps: number[] = [];
    let offMs = 0;
    const clock = await given(() => Promise.resolve(Date.now() + offMs), 0, {
      onJump: (byMs) => jumps.push(byMs),
    });

    offMs = -60_000;
    await clock.read();

    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeLessThan(-58_000);
    expect(clock.fault()).toContain('60 s ahead');
  });

  it('takes the readings of the common poll', async () => {
    const clock = await given(right);
    const [askedAtMs, answeredAtMs] = [monotonicMs(), monotonicMs() + 1];
    clock.question.onAnswer(Date.now() - 60_000, { askedAtMs, answeredAtMs });

    expect(clock.fault()).toContain('60 s ahead');
  });

  it('goes on by what it knows while the database does not answer, and asks one question at a time', async () => {
    let asked = 0;
    let answer: () => Promise<number> = right;
    const clock = await given(() => (asked++, answer()));
    let give: (ms: number) => void = () => undefined;
    answer = () => new Promise((resolve) => (give = resolve));

    const [first, second] = [clock.read(), clock.read()];

    expect([first === second, asked]).toEqual([true, 2]);
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2_000);
    give(Date.now());
    await first;
  });
});
