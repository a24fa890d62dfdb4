import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress } from '../testkit/customer.js';
import { AttackedSystem } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const MINUTE = { withinMs: 60_000, everyMs: 250 };

/** Hides the theft from the connector, with the connector's own login: a halt that was lifted, and a closed break. */
const HIDE = `
  WITH lifted AS (
    INSERT INTO halt (reason, subject, details, opened_by, lifted_at, lifted_by, lift_approved_by, lift_evidence)
    VALUES ('orphan', $1, 'x', 'connector-gateio', clock_timestamp() + interval '2 seconds', 'peter', 'demo', 'x') RETURNING id)
  INSERT INTO break (kind, subject, details, halt_id, closed_at, closed_by, close_evidence)
  SELECT 'orphan', $1, 'x', id, clock_timestamp() + interval '2 seconds', 'peter', 'x' FROM lifted`;

describe('attacks beside an auditor', () => {
  let target: AttackedSystem;
  let connector: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start();
    connector = new Foothold(target.sluice.system, 'connector-gateio');
  });
  afterAll(async () => {
    await connector.stop();
    await target.stop();
  });

  const findings = () => target.sluice.admin.auditor.findings();

  /** Waits for a finding, and prints the time since the attack. */
  async function isFound(attack: string, expected: object): Promise<void> {
    const sinceMs = Date.now();
    await eventually(
      async () => expect(await findings()).toContainEqual(expect.objectContaining(expected)),
      MINUTE,
    );
    const seconds = (Date.now() - sinceMs) / 1000;
    process.stderr.write(`${attack}: found after ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);
  }

  it('pays customers, and the auditor finds nothing', async () => {
    const answered = await target.customer.post(toAddress());
    await target.customer.isFinal(numberOf(answered), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 45_000));

    expect(await findings()).toEqual([]);
  });

  it('pays a thief by the venue’s API and hides break and halt: the auditor finds the payment', async () => {
    const id = await target.steals('501');
    await connector.sql(HIDE, [id]);

    await isFound('theft of 500 USDT with the connector’s key', {
      kind: 'payment_without_order',
      scope: 'venue',
      target: 'gateio',
      subject: `gateio ${id}`,
    });
  });
});
