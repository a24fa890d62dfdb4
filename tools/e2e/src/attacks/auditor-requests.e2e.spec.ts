import { orderDigest, recipientDigest } from '@sluice/messages';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress } from '../testkit/customer.js';
import { AttackedSystem } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const THIEF = '0x1111111111111111111111111111111111111111';
const AMOUNT = '777';

/** The row of a withdrawal that no customer requested, and the scan that sends the command for its hold. */
const INSERT = `
  INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, submit_within_ms, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
  SELECT $1::uuid, account_id, key_id, currency, network, decimals, $2::jsonb, ${AMOUNT}, 0, venue, pinned, submit_within_ms, decode($3, 'hex'), $4, 'w' || substr(replace($1::uuid::text, '-', ''), 1, 23), recipient, first_payment, first_step, 'requested', 1, now() - interval '1 hour', now() - interval '1 hour'
    FROM withdrawal WHERE state = 'completed' LIMIT 1`;

describe('an attack with intake-api’s database login and seal key', () => {
  let target: AttackedSystem;
  let intake: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start();
    intake = new Foothold(target.sluice.system, 'intake-api');
  });
  afterAll(async () => {
    await intake.stop();
    await target.stop();
  });

  it('pays from an account that requested nothing: the auditor finds the hold', async () => {
    const answered = await target.customer.post(toAddress());
    await target.customer.isFinal(numberOf(answered), 60_000);
    expect(await target.sluice.admin.auditor.findings()).toEqual([]);

    const withdrawalId = crypto.randomUUID();
    const destination = { type: 'address', address: THIEF } as const;
    const digest = orderDigest({
      withdrawalId,
      accountId: target.customer.accountId,
      asset: 'USDT.ETH',
      amount: AMOUNT,
      fee: '0',
      recipientDigest: recipientDigest(destination),
    });
    const seal = intake.keys.with('intake-api').sign('requested order', [digest]);
    await intake.sql(INSERT, [withdrawalId, JSON.stringify(destination), digest, seal]);
    await intake.sql(`UPDATE recovery SET scanned_to = 0, scan_next_to = 0, next_run_at = now()`);
    const sinceMs = Date.now();

    await eventually(
      async () =>
        expect(await target.sluice.admin.auditor.findings()).toContainEqual(
          expect.objectContaining({
            kind: 'order_not_requested',
            scope: 'account',
            target: target.customer.accountId,
            subject: withdrawalId,
          }),
        ),
      { withinMs: 90_000, everyMs: 250 },
    );
    const seconds = (Date.now() - sinceMs) / 1000;
    const paid = (await target.sluice.venue.payments()).filter(
      ({ destination: to }) => to.toLowerCase() === THIEF,
    );
    const [finding] = await target.sluice.admin.auditor.findings();
    process.stderr.write(
      `a row without a request: found ${seconds.toFixed(1)} s after the row; paid until then: ${paid.map(({ amount }) => amount).join(' + ') || '0'} USDT; fact ${finding?.fact_at}, opened ${finding?.opened_at}\n`,
    );
    const delayMs = Date.parse(finding?.opened_at ?? '') - Date.parse(finding?.fact_at ?? '');
    expect(delayMs).toBeLessThan(60_000);
  });
});
