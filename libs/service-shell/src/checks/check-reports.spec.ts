import type { OutgoingMessage } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { Check } from './check.js';
import { startCheckReports } from './check-reports.js';

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
