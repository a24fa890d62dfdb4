import type { OutgoingMessage, Tx, UnitOfWork } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { Check } from './check.js';
import { startCheckReports } from './check-reports.js';

const AT = new Date('2026-11-26T12:00:00.000Z');
const keys = testMessageKeys('ledger');
const logger = { warn: () => undefined };

function unitOfWorkWith(published: OutgoingMessage[]): Pick<UnitOfWork, 'run'> {
  const tx: Partial<Tx> = {
    now: () => Promise.resolve(AT),
    publish: (...messages) => void published.push(...messages),
  };
  return { run: (work) => work(tx as Tx) };
}

describe('the reports of the checks', () => {
  it('carry interval and waiting time of each check of the process, in its memory', async () => {
    let now = 1_000;
    const check = new Check({ name: 'record', everyMs: 60_000 }, () => now);
    now += 5_500;
    const published: OutgoingMessage[] = [];
    const unitOfWork = unitOfWorkWith(published);
    const health = { periodic: [check] };

    const loop = startCheckReports({
      name: 'ledger',
      health,
      unitOfWork,
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

  it('are sent by no service without a key shared with the auditor, and by no other service', () => {
    const of = { health: { periodic: [] }, unitOfWork: unitOfWorkWith([]), logger };

    expect(
      startCheckReports({ ...of, name: 'ledger', messageKeys: { names: () => [] } }),
    ).toBeNull();
    expect(startCheckReports({ ...of, name: 'webhooks', messageKeys: keys })).toBeNull();
  });
});
