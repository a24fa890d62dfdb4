import { approvedBy } from '@sluice/admin-client';
import { eventually } from '@sluice/test-kit';
import { AttackedSystem } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const CONNECTOR = 'connector-gateio';
const EVIDENCE = 'checked by a test';

describe('approvals by two people, and an attack with a connector’s keys', () => {
  let target: AttackedSystem;
  let connector: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start();
    connector = new Foothold(target.sluice.system, CONNECTOR);
  });
  afterAll(async () => {
    await connector.stop();
    await target.stop();
  });

  const findings = () => target.sluice.admin.auditor.findings();

  async function haltedAgain(): Promise<string> {
    const { id } = await target.sluice.admin
      .connector('gateio')
      .openHalt({ details: 'a test', name: crypto.randomUUID() });
    return id;
  }

  it('invents the approval of a lift: the auditor finds it, and nothing in the approvals of two people', async () => {
    const { admin, approver } = target.sluice;
    await haltedAgain();
    await new Promise((resolve) => setTimeout(resolve, 65_000)); // the first minute of entries is not judged
    for (const { id } of await admin.connector('gateio').halts())
      await approvedBy(
        approver.connector('gateio'),
        admin.connector('gateio').liftHalt(id, { evidence: EVIDENCE }),
      );
    const second = await haltedAgain();
    await admin.connector('gateio').liftHalt(second, { evidence: EVIDENCE });
    await approver.connector('gateio').liftHalt(second, { evidence: EVIDENCE });
    await target.customer.fund('1000');

    const now = new Date().toISOString();
    await connector.says(`audit.${CONNECTOR}`, 'audit.demand-approved.v1', CONNECTOR, {
      service: CONNECTOR,
      demandId: '999',
      action: 'lift halt',
      target: second,
      digest: 'ab'.repeat(32),
      requestedBy: 'olivia',
      requestedAt: now,
      approvedBy: 'peter',
      approvedAt: now,
      callId: null,
    });
    const sinceMs = Date.now();
    const invented = (kind: string): object =>
      expect.objectContaining({
        kind,
        scope: 'venue',
        target: 'gateio',
        subject: expect.stringContaining(`${CONNECTOR} 999 `) as string,
      }) as object;
    await eventually(async () => expect(await findings()).not.toEqual([]), {
      withinMs: 90_000,
      everyMs: 250,
    });
    const seconds = (Date.now() - sinceMs) / 1000;
    process.stderr.write(
      `an invented approval: found after ${seconds.toFixed(1)} s; moved by the attack: 0\n`,
    );

    const found = await findings();
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        invented('approval_without_request'),
        invented('approval_without_entry'),
      ]),
    );
    expect(seconds).toBeLessThan(60);
  });
});
