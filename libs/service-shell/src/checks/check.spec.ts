import { Registry } from 'prom-client';
import type { OutgoingMessage } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { Check, registerCheck, startCheckReports } from './check.js';

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

describe('the metrics of the checks', () => {
  const value = async (metrics: Registry, name: string) =>
    (await metrics.getSingleMetric(name)?.get())?.values.map(({ labels, value: one }) => [
      labels['check'],
      one,
    ]);

  it('have the last completion of each check by this process, and its interval', async () => {
    const metrics = new Registry();
    let now = 0;
    const record = new Check({ name: 'record', everyMs: 60_000 }, () => now);
    const book = new Check({ name: 'book', everyMs: 20_000 }, () => now);
    registerCheck(record, metrics);
    registerCheck(book, metrics);
    now = 90_000;
    book.completed();
    const present = Date.now() / 1_000;

    expect(await value(metrics, 'sluice_check_last_completed_timestamp_seconds')).toEqual([
      ['record', expect.closeTo(present - 90, 0)],
      ['book', expect.closeTo(present, 0)],
    ]);
    expect(await value(metrics, 'sluice_check_interval_seconds')).toEqual([
      ['record', 60],
      ['book', 20],
    ]);
  });
});

const AT = new Date('2026-11-26T12:00:00.000Z');
const keys = testMessageKeys('ledger');
const logger = { warn: () => undefined };

const never = () => new Promise<void>(() => undefined);
const clock = { now: () => AT };

describe('the reports of the checks', () => {
  it('carry interval and waiting time of each check of the process, in its memory', async () => {
    let now = 1_000;
    const check = new Check({ name: 'record', everyMs: 60_000 }, () => now);
    now += 5_500;
    const published: OutgoingMessage[] = [];
    const loop = startCheckReports({
      name: 'ledger',
      health: { periodic: [check] },
      clock,
      publishUnstored: (messages) => Promise.resolve(void published.push(...messages)),
      messageKeys: keys,
      logger,
    });
    await loop?.stop();

    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({ topic: 'audit.ledger', consumer: 'auditor' });
    expect(JSON.parse(published[0]?.value ?? '')).toEqual({
      service: 'ledger',
      instance: expect.any(String) as string,
      checks: [{ name: 'record', everyMs: 60_000, waitedMs: 5_500 }],
    });
  });

  it('wait for Kafka one at a time, and end with the service', async () => {
    const published: OutgoingMessage[] = [];
    const loop = startCheckReports({
      name: 'ledger',
      health: { periodic: [] },
      clock,
      publishUnstored: (messages) => (published.push(...messages), never()),
      messageKeys: keys,
      logger,
    });
    loop?.wake();
    await loop?.stop();

    expect(published).toHaveLength(1);
  });

  it('are sent by no service without a key shared with the auditor, and by no other service', () => {
    const of = { health: { periodic: [] }, clock, publishUnstored: never, logger };

    expect(
      startCheckReports({ ...of, name: 'ledger', messageKeys: { names: () => [] } }),
    ).toBeNull();
    expect(startCheckReports({ ...of, name: 'webhooks', messageKeys: keys })).toBeNull();
  });
});
