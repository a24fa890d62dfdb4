import { randomUUIDv7 } from 'node:crypto';
import { numberOf, toAddress, type Body } from '../testkit/customer.js';
import { eventually } from '@sluice/test-kit';
import { packMessages } from '@sluice/postgres';
import { AttackedSystem, THIEF } from './testkit/attacked-system.js';

describe('who owns the tables of a database', () => {
  let target: AttackedSystem;
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit');
    await target.customer.isFinal(numberOf(await target.customer.post(toAddress())));
  });
  afterAll(() => target.stop());

  const paid = async (body: Body) =>
    (await target.sluice.venue.payments()).filter(
      ({ destination }) => destination.toLowerCase() === String(body['to_address']).toLowerCase(),
    );

  it.each(['intake-api', 'ledger', 'connector-gateio', 'connector-bybit'] as const)(
    'of %s has nothing paid by a row in the outbox',
    async (service) => {
      const id = randomUUIDv7();
      const [message] = [
        {
          topic: 'venue.gateio.commands',
          key: id,
          orderingKey: id,
          headers: {
            ce_id: randomUUIDv7(),
            ce_type: 'venue.submit-withdrawal.v1',
            ce_source: 'intake-api',
            ce_time: new Date().toISOString(),
          },
          value: JSON.stringify({
            withdrawalId: id,
            accountId: randomUUIDv7(),
            asset: 'USDT.ETH',
            amount: '900000',
            destination: { type: 'address', address: THIEF },
            notAfter: null,
          }),
        },
      ];

      await target.survives(() =>
        target.sql(
          service,
          'outbox',
          `INSERT INTO outbox (publisher, keys, messages, touched_at) VALUES (NULL, $1, $2, now() - interval '1 hour')`,
          [[id], packMessages([message])],
        ),
      );
    },
  );

  it('of a connector has nothing paid by a row among the submissions', async () => {
    await target.survives(() =>
      target.sql(
        'connector-gateio',
        'submission',
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, next_action_at, not_after, fee, digest, key_id, order_mac, timed_receipt, unsent_seal)
         SELECT gen_random_uuid(), account_id, form, asset, 900000, $1, 'w' || substr(md5(random()::text), 1, 23), 'prepared', now(), not_after, fee, digest, key_id, order_mac, timed_receipt, unsent_seal
           FROM submission WHERE state = 'settled' LIMIT 1`,
        [JSON.stringify({ type: 'address', address: THIEF })],
      ),
    );
    await target.liftHalts();
  });

  it('of a connector has nothing paid twice by putting a paid one back into the queue', async () => {
    await target.survives(() =>
      target.sql(
        'connector-gateio',
        'submission',
        `UPDATE submission SET state = 'prepared', attempt = attempt + 1, next_action_at = now(), finished_at = NULL, venue_reference = NULL
          WHERE withdrawal_id = (SELECT withdrawal_id FROM submission WHERE state = 'settled' LIMIT 1)`,
      ),
    );
    await target.liftHalts();
  });

  it('of a connector gives no hold back for what is being paid', async () => {
    await target.sluice.venue.settings({ status_ms: 8_000 });
    const body = await target.asks();
    await eventually(
      async () => {
        await target.liftHalts(); // the row planted before may be found only now
        expect(await paid(body)).toHaveLength(1);
      },
      { withinMs: 30_000, everyMs: 500 },
    );
    const before = await target.customer.balance();

    await target.survives(() =>
      target.sql(
        'connector-gateio',
        'submission',
        `UPDATE submission SET state = 'failed', reason = 'rejected', finished_at = now(), next_action_at = NULL WHERE state = 'accepted'`,
      ),
    );
    await target.sluice.venue.settings({ status_ms: 100 });

    expect(before).toBeDefined();
  });

  it('of intake-api has nothing paid by a row among the withdrawals', async () => {
    await target.survives(async () => {
      await target.sql(
        'intake-api',
        'withdrawal',
        `INSERT INTO withdrawal (id, number, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
         SELECT gen_random_uuid(), number - 1, account_id, key_id, currency, network, decimals, $1, 900, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, 'requested', 1, now(), now() - interval '5 minutes'
           FROM withdrawal WHERE state = 'completed' LIMIT 1`,
        [JSON.stringify({ type: 'address', address: THIEF })],
      );
      await target.sql('intake-api', 'recovery', 'UPDATE recovery SET scanned_to = 0');
    });
    await target.isHaltedByInvariant();
    await target.liftHalts();
  });

  it('of intake-api diverts no withdrawal that waits for its hold', async () => {
    const { system } = target.sluice;
    const body = toAddress();
    await system.kill('ledger', 'SIGSTOP');
    const answered = target.customer.post(body);

    const noticed = await target.survives(async () => {
      await eventually(async () => {
        const diverted = await target.sql(
          'intake-api',
          'withdrawal',
          'UPDATE withdrawal SET destination = $1 WHERE client_reference = $2 RETURNING id',
          [JSON.stringify({ type: 'address', address: THIEF }), body.client_reference],
        );
        expect(diverted).toHaveLength(1);
      });
      await system.kill('ledger', 'SIGCONT');
    });
    await answered;

    expect(noticed.join('\n')).toContain('case order_not_as_requested');
  });

  it('of intake-api uses no key for an account that it is not of', async () => {
    const thief = await target.sluice.customer({ funds: '1' });
    const before = await target.notices();

    await target.sql(
      'intake-api',
      'api_key',
      'UPDATE api_key SET account_id = $1 WHERE account_id = $2',
      [target.customer.accountId, thief.accountId],
    );
    const answered = await thief.post(toAddress({ amount: '40' }));

    expect(answered.status).toBe(401);
    expect(before).toBeDefined();
  });
});
