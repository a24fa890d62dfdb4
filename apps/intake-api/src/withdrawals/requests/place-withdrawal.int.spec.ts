import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { Amount } from '@sluice/kernel';
import { Outbox, UnitOfWork, type Database, type Tx } from '@sluice/postgres';
import { testDatabase } from '@sluice/test-servers';
import type { Order } from '@sluice/withdrawal-core';
import { Client, escapeIdentifier } from 'pg';
import { type NotAdmittedError, PendingAdmission } from '../../api-keys/pending-admission.js';
import { digestOf } from '../../orders/order-authority.js';
import { WithdrawalIntake, type Placed } from './place-withdrawal.js';
import { anOrder, AUTHORITY, REFERENCES, TO_GATEIO } from '../../testkit/a-withdrawal.js';
import {
  countOf,
  givenAccount,
  givenInstance,
  published,
  type TestInstance,
} from '../../testkit/given-intake.js';
import { anEvent } from '../../testkit/inbound-events.js';
import { givenSaga } from '../../testkit/given-saga.js';

describe('WithdrawalIntake', () => {
  let a: TestInstance;
  let b: TestInstance;
  let accountId: string;
  let intakes: [WithdrawalIntake, WithdrawalIntake];
  beforeAll(async () => {
    const url = await testDatabase('intake');
    await setDeadlockTimeout(url, '60s');
    [a, b] = [await givenInstance(url), await givenInstance(url)];
    accountId = await givenAccount(a.database);
    intakes = [
      new WithdrawalIntake(a.unitOfWork, REFERENCES, AUTHORITY),
      new WithdrawalIntake(b.unitOfWork, REFERENCES, AUTHORITY),
    ];
  });
  afterAll(() => Promise.all([a, b].map((instance) => instance.close())));

  const order = (change: Partial<Order> = {}) => anOrder({ accountId, ...change });
  /** By turns at one instance and the other, all at once. */
  const placeAll = (orders: readonly Order[]) =>
    Promise.all(
      orders.map((one, index) =>
        intakes[index % 2 === 0 ? 0 : 1].place({ order: one, decimals: 6, routing: TO_GATEIO }),
      ),
    );
  const idsOf = (placed: readonly Placed[]) =>
    new Set(placed.map(({ stored }) => stored.withdrawal.order.id));

  it('puts an order on record and asks the ledger for amount and fee, in one commit', async () => {
    const one = order({ clientReference: 'first' });

    const placed = await intakes[0].place({ order: one, decimals: 6, routing: TO_GATEIO });

    expect(placed).toMatchObject({
      kind: 'created',
      stored: {
        decimals: 6,
        withdrawal: {
          state: 'requested',
          sequence: 1,
          order: { ...one, requestedAt: expect.any(Date) as Date },
        },
      },
    });
    expect(
      await a.database.query(
        "SELECT encode(digest, 'hex') AS digest, request_proof, venue_client_reference, ordered_at FROM withdrawal WHERE id = $1",
        [one.id],
      ),
    ).toEqual([
      {
        digest: digestOf(one),
        request_proof: AUTHORITY.requestProof(digestOf(one)),
        venue_client_reference: REFERENCES.of(one),
        ordered_at: null,
      },
    ]);
    expect(
      (await published(a.database, one.id)).map(({ type, data }) => [type, data['amount']]),
    ).toEqual([['ledger.place-hold.v1', '6']]);
    expect(
      await countOf(
        a.database,
        `withdrawal_step WHERE withdrawal_id = $1 AND to_state = 'requested'`,
        [one.id],
      ),
    ).toBe(1);
  });

  it('makes one withdrawal of a hundred requests with one reference, in two instances at once', async () => {
    const placed = await placeAll(
      Array.from({ length: 100 }, () => order({ clientReference: 'hundred' })),
    );

    expect(placed.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(idsOf(placed).size).toBe(1);
    expect(await countOf(a.database, `withdrawal WHERE client_reference = 'hundred'`)).toBe(1);
    const [id = ''] = idsOf(placed);
    expect((await published(a.database, id)).map(({ type }) => type)).toEqual([
      'ledger.place-hold.v1',
    ]);
  });

  it('keeps references apart by key, and never confuses requests without one', async () => {
    const orders = [
      order({ clientReference: 'shared', keyId: 'ck_1' }),
      order({ clientReference: 'shared', keyId: 'ck_2', referenceScope: 'ck_2' }),
      order({ clientReference: null }),
      order({ clientReference: null }),
    ];
    expect((await placeAll(orders)).map(({ kind }) => kind)).toEqual([
      'created',
      'created',
      'created',
      'created',
    ]);
  });

  it('places the same references in two instances, in opposite order, without waiting for a deadlock to be found', async () => {
    const references = Array.from({ length: 500 }, (_, n) => `crossing ${n}`);
    const [up, down] = [references, references.toReversed()].map((list) =>
      list.map((clientReference) => order({ clientReference })),
    );
    const started = Date.now();
    const placed = await Promise.all([
      ...(up ?? []).map((one) => intakes[0].place({ order: one, decimals: 6, routing: TO_GATEIO })),
      ...(down ?? []).map((one) =>
        intakes[1].place({ order: one, decimals: 6, routing: TO_GATEIO }),
      ),
    ]);
    expect(idsOf(placed).size).toBe(500);
    expect(Date.now() - started).toBeLessThan(30_000); // here PostgreSQL looks for deadlocks after a minute
  });

  it('spends one transaction on five hundred placements at once', async () => {
    const ids = Array.from({ length: 500 }, () => randomUUIDv7());

    const placed = await Promise.all(
      ids.map((id) => intakes[0].place({ order: order({ id }), decimals: 6, routing: TO_GATEIO })),
    );

    expect(placed.every(({ kind }) => kind === 'created')).toBe(true);
    const spent = await a.database.query(
      'SELECT count(DISTINCT xmin::text)::int AS transactions FROM withdrawal WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    expect(spent).toEqual([{ transactions: 1 }]);
  });

  describe('with the signature of the request', () => {
    const aPending = (signature = randomBytes(32).toString('hex')) => {
      const timestamp = Math.floor(a.database.clock.now().getTime() / 1000);
      const attempt = { signature, timestamp, keyId: 'ck_1', rateLimit: 9, counts: false };
      return new PendingAdmission(attempt, () => undefined);
    };
    const place = (intake: WithdrawalIntake, admission: PendingAdmission, change: Partial<Order>) =>
      intake.place({ order: order(change), decimals: 6, routing: TO_GATEIO, admission });
    const outcomesOf = (placing: readonly Promise<Placed>[]) =>
      Promise.all(
        placing.map((one) =>
          one.then(
            ({ kind }) => kind,
            (error: unknown) => (error as NotAdmittedError).admission,
          ),
        ),
      );

    it('places an order once, without a reference and in two instances at once, and fails no other of the group', async () => {
      const before = await countOf(a.database, 'withdrawal');
      const { signature } = aPending().attempt;
      const placing = [0, 1, 0, 1].flatMap((at) => {
        const intake = at === 0 ? intakes[0] : intakes[1];
        return [
          place(intake, aPending(signature), { clientReference: null }),
          place(intake, aPending(), { clientReference: null }),
        ];
      });

      const outcomes = await outcomesOf(placing);

      const replays = outcomes.filter((_, n) => n % 2 === 0).sort();
      expect(replays).toEqual(['created', 'signature_used', 'signature_used', 'signature_used']);
      expect(outcomes.filter((_, n) => n % 2 === 1)).toEqual(Array(4).fill('created'));
      expect(await countOf(a.database, 'withdrawal')).toBe(before + 5);
    });

    it('leaves the signature of an order new that cannot be written, and uses up the others', async () => {
      const { asset } = order();
      const tooLarge = { amount: Amount.of('9'.repeat(38), asset), fee: Amount.of('1', asset) };
      const pending = Array.from({ length: 5 }, () => aPending());
      const placing = pending.map((admission, n) =>
        place(intakes[0], admission, n === 2 ? tooLarge : { clientReference: null }),
      );
      const stored = (one: PendingAdmission | undefined) =>
        countOf(a.database, `used_signature WHERE signature = decode($1, 'hex')`, [
          one?.attempt.signature,
        ]);

      await Promise.allSettled(placing);

      const counts = [];
      for (const one of pending) counts.push(await stored(one));
      expect(counts).toEqual([1, 1, 0, 1, 1]);
      expect(pending.map(({ isStored }) => isStored)).toEqual([true, true, false, true, true]);
    });
  });

  it('does not let one order that cannot be written fail the others of its group', async () => {
    const { asset } = order();
    const orders = Array.from({ length: 9 }, (_, n) =>
      n === 4
        ? order({ amount: Amount.of('9'.repeat(38), asset), fee: Amount.of('1', asset) })
        : order({ clientReference: `beside ${n}` }),
    );
    const settled = await Promise.allSettled(
      orders.map((one) => intakes[0].place({ order: one, decimals: 6, routing: TO_GATEIO })),
    );
    expect(settled.map(({ status }) => status)).toEqual(
      orders.map((_, n) => (n === 4 ? 'rejected' : 'fulfilled')),
    );
    expect(await countOf(a.database, `withdrawal WHERE id = $1`, [orders[4]?.id])).toBe(0);
    expect(await countOf(a.database, `withdrawal WHERE client_reference LIKE 'beside %'`)).toBe(8);
  });

  it('tries again when a refused hold gives the reference back between the insert and the look', async () => {
    const first = await intakes[0].place({
      order: order({ clientReference: 'contested' }),
      decimals: 6,
      routing: TO_GATEIO,
    });
    const refusal = anEvent(first.stored.withdrawal.order.id, 'hold_refused');
    const saga = givenSaga(b);
    const interrupted = new Interrupted(a.service, 'intake-api', new Outbox(a.service), () =>
      saga.take([refusal]),
    );

    const timestamp = Math.floor(a.database.clock.now().getTime() / 1000);
    const attempt = {
      signature: 'ab'.repeat(32),
      timestamp,
      keyId: 'ck_1',
      rateLimit: 9,
      counts: false,
    };
    const second = await new WithdrawalIntake(interrupted, REFERENCES, AUTHORITY).place({
      order: order({ clientReference: 'contested' }),
      decimals: 6,
      routing: TO_GATEIO,
      admission: new PendingAdmission(attempt, () => undefined),
    });

    expect(second.kind).toBe('created');
    expect(
      await countOf(
        a.database,
        `withdrawal WHERE 'contested' IN (client_reference, rejected_reference)`,
      ),
    ).toBe(2);
  });
});

/** Something else commits between the insert and the look of the first transaction. */
class Interrupted extends UnitOfWork {
  private statements = 0;

  constructor(
    database: Database,
    consumer: string,
    outbox: Outbox,
    private readonly meanwhile: () => Promise<void>,
  ) {
    super(database, consumer, outbox);
  }

  override run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.run((tx) =>
      work({
        query: async <R>(sql: string, params?: readonly unknown[]) => {
          if (++this.statements === 3) await this.meanwhile();
          return tx.query<R>(sql, params);
        },
        repository: (entity) => tx.repository(entity),
        now: () => tx.now(),
        claimInbox: (batch) => tx.claimInbox(batch),
        unclaimed: (batch) => tx.unclaimed(batch),
        require: (check) => tx.require(check),
        publish: (...messages) => tx.publish(...messages),
      }),
    );
  }
}

/** Only a superuser may, for all who connect from now on. */
async function setDeadlockTimeout(url: string, timeout: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const database = escapeIdentifier(new URL(url).pathname.slice(1));
  await client.query(`ALTER DATABASE ${database} SET deadlock_timeout = '${timeout}'`);
  await client.end();
}
