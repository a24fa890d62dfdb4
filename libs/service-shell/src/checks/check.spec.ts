import { Check } from './check.js';

describe('Check', () => {
  let now = 0;
  const given = () => {
    now = 1_000_000;
    return new Check({ name: 'record', everyMs: 60_000 }, () => now);
  };
  const missed = (seconds: number, since: string) =>
    `the check "record" has not completed for ${seconds} s since ${since}, and its interval is 60 s: read the warnings of this process, then search its database for sessions with locks`;

  it('is missed after two intervals without completion since the start', () => {
    const check = given();
    now += 120_000;
    expect(check.fault()).toBeNull();
    now += 1_000;

    expect(check.fault()).toBe(missed(121, 'the start'));
    expect(check.hasCompleted).toBe(false);
  });

  it('is missed after two intervals since the last completion, until the next', () => {
    const check = given();
    now += 100_000;
    check.completed();
    now += 121_000;
    expect(check.fault()).toBe(missed(121, 'its last completion'));
    check.completed();

    expect(check.fault()).toBeNull();
    expect(check.ageMs()).toBe(0);
  });

  it('waits since the last completion or attempt, without the minute of a run begun in time', async () => {
    const check = given();
    now += 90_000;
    expect(check.waitedMs()).toBe(90_000);
    await check.run(async () => {
      now += 20_000;
      expect(check.waitedMs()).toBe(50_000);
    });
    check.attempted(5_000);

    expect(check.waitedMs()).toBe(0);
  });

  it('is not missed while a venue gives no answer, but has an age', () => {
    const check = given();
    for (let minute = 0; minute < 10; minute++) {
      now += 60_000;
      check.attempted();
    }

    expect(check.fault()).toBeNull();
    expect(check.ageMs()).toBe(600_000);
  });

  it('is not missed during a pause requested by the venue', () => {
    const check = given();
    check.attempted(300_000);
    now += 420_000;
    expect(check.fault()).toBeNull();
    now += 1;

    expect(check.fault()).toBe(missed(420, 'the start'));
  });

  it('may run a minute longer if the run began in time', async () => {
    const check = given();
    now += 119_000;
    await check.run(async () => {
      now += 61_000;
      expect(check.fault()).toBeNull();
      now += 1;
      expect(check.fault()).toBe(missed(180, 'the start'));
      return Promise.resolve();
    });
    await check.run(() => {
      expect(check.fault()).toBe(missed(180, 'the start'));
      return Promise.resolve();
    });
  });

  it('is missed if each run fails', async () => {
    const check = given();
    for (let run = 0; run < 5; run++) {
      now += 30_000;
      await check.run(() => Promise.reject(new Error('timeout'))).catch(() => undefined);
    }

    expect(check.fault()).toBe(missed(150, 'the start'));
  });
});
