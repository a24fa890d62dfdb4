import { approvedBy } from '@sluice/admin-client';
import { signGateio } from '@sluice/signing';
import { eventually, type SimulatedPayment, type SimulatorControl } from '@sluice/test-kit';
import {
  SIMULATED_NAMES,
  kafkaAccessOf,
  ownerUrlOf,
  type ServiceName,
  type SimulatedName,
  type System,
} from '@sluice/stack';
import { withClient } from '@sluice/test-servers';
import { DatabaseError } from 'pg';
import { Amount } from '@sluice/kernel';
import {
  numberOf,
  recipientOf,
  toAddress,
  type Body,
  type Customer,
} from '../../testkit/customer.js';
import { TestSystem } from '../../testkit/given-system.js';
import type { ApiClient } from '../../testkit/api-client.js';
import { KafkaWriter } from './foothold.js';

/**
 * Wait in ms for an unblocked payment: the first attacks were paid after 0.67 s, and all within 4
 * s.
 */
const PAID_WITHIN_MS = 6_000;
const NOTICED_WITHIN_MS = 60_000;

/** Recipient without an order of a customer. */
export const THIEF = '0x1111111111111111111111111111111111111111';

/** Complete system with a withdrawing customer and the access gained by an attacker. */
export class AttackedSystem {
  private constructor(
    readonly sluice: TestSystem,
    readonly customer: Customer,
    readonly kafka: KafkaWriter,
  ) {}

  /**
   * Permits are advisory: an earlier attack must not stop the payments of a later attack, and each
   * service must withstand an attack by itself.
   */
  static async start(...more: readonly SimulatedName[]): Promise<AttackedSystem> {
    const settings = { AUDITOR_PERMITS: 'advisory' };
    const sluice = await TestSystem.startWith({ more, settings });
    const customer = await sluice.customer();
    return new AttackedSystem(sluice, customer, new KafkaWriter(kafkaAccessOf(sluice.system.run)));
  }

  async stop(): Promise<void> {
    await this.kafka.stop();
    await this.sluice.stop();
  }

  get books(): ReadonlyMap<string, SimulatorControl> {
    const { simulators } = this.sluice.system.run;
    return new Map(
      SIMULATED_NAMES.filter((venue) => simulators[venue] !== undefined).map((venue) => [
        venue,
        this.sluice.venueNamed(venue),
      ]),
    );
  }

  /** Posts an order of the customer; processing may take a while. */
  async asks(change: object = {}): Promise<Body> {
    const body = toAddress(change);
    await this.customer.post(body);
    return body;
  }

  /** Starts a withdrawal paid by the first venue without an answer for 4 s. */
  async underWay(): Promise<{ readonly id: string; readonly body: Body }> {
    await this.sluice.venue.settings({ hang_ms: 4_000 });
    await this.sluice.venue.arm('POST /withdrawals', 'accept_then_hang');
    const body = toAddress();
    const answered = await this.customer.post(body);
    const { id } = await this.customer.reaches(numberOf(answered), ['submitting', 'uncertain']);
    return { id, body };
  }

  /** Returns the payments to the recipient of `body`, over all venues. */
  async paymentsTo(body: Body): Promise<readonly SimulatedPayment[]> {
    const payments = await Promise.all([...this.books.values()].map((book) => book.payments()));
    const recipient = recipientOf(body).toLowerCase();
    return payments.flat().filter(({ destination }) => destination.toLowerCase() === recipient);
  }

  /** Pays the thief by the first venue's API with the connector's key. Returns the venue's id. */
  async steals(amount: string): Promise<string> {
    const { api_key: KEY, api_secret: secret } = await this.sluice.venue.credentials();
    const [path, timestamp] = ['/api/v4/withdrawals', String(Date.now() / 1000)];
    const body = JSON.stringify({ currency: 'USDT', chain: 'ETH', amount, address: THIEF });
    const SIGN = signGateio(String(secret), { method: 'POST', path, query: '', body, timestamp });
    const response = await fetch(this.sluice.venue.url + path, {
      method: 'POST',
      headers: {
        KEY: String(KEY),
        SIGN,
        Timestamp: timestamp,
        'Content-Type': 'application/json',
      },
      body,
    });
    expect(response.ok).toBe(true);
    return ((await response.json()) as { id: string }).id;
  }

  /** Gives the customer a separate signing key. Two people add the public key to the ledger. */
  async signs(): Promise<ApiClient> {
    const { api, publicKey } = await this.customer.withOwnKey();
    const { accountId } = this.customer;
    const signer = { key_id: api.key.key_id, public_key: publicKey };
    const asked = this.sluice.admin.ledger.addSigner(accountId, signer);
    await approvedBy(this.sluice.approver.ledger, asked);
    return api;
  }

  /** Lifts halts and closes breaks after an attack: the next attack needs a working system. */
  async liftHalts(): Promise<void> {
    const { admin, approver } = this.sluice;
    const connectors = [...this.books.keys()].map((venue) => venue as SimulatedName);
    const services = [
      [admin.intake, approver.intake] as const,
      ...connectors.map((venue) => [admin.connector(venue), approver.connector(venue)] as const),
    ];
    const said = { evidence: 'caused by the attack' };
    for (const [asks, approves] of services)
      for (const halt of (await asks.halts()).filter(({ lifted_at }) => lifted_at === null))
        await approvedBy(approves, asks.liftHalt(halt.id, said));
    for (const connector of connectors.map((venue) => admin.connector(venue)))
      for (const open of (await connector.breaks()).filter(({ closed_at }) => closed_at === null))
        await connector.closeBreak(open.id, said);
  }

  /**
   * Waits until intake-api's own invariant check halts on the planted row, maybe later than other
   * checks.
   */
  async isHaltedByInvariant(): Promise<void> {
    await eventually(
      async () =>
        expect(await this.sluice.admin.intake.halts()).toContainEqual(
          expect.objectContaining({ reason: 'invariant', lifted_at: null }),
        ),
      { withinMs: NOTICED_WITHIN_MS, everyMs: 500 },
    );
  }

  /**
   * Runs a statement as the owner of a service's tables, after disabling the user triggers of
   * `table`. The triggers stay disabled. The owner has more rights than the service's own login.
   */
  async sql(
    service: ServiceName,
    table: string,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<unknown[]> {
    return withClient(ownerUrlOf(this.sluice.system, service), async (client) => {
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      return (await client.query(sql, [...params])).rows;
    });
  }

  notices(): Promise<ReadonlySet<string>> {
    return noticesOf(this.sluice.system);
  }

  /**
   * Makes an attack and waits for the effect. Expects no payment without a customer's order, and a
   * notice within a minute. A refusal by the database counts as a notice.
   */
  async survives(attack: () => Promise<unknown>): Promise<readonly string[]> {
    const before = await this.notices();
    const refused = await attack().then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof DatabaseError)) throw error;
        return `refused at once: ${error.message}`;
      },
    );
    const noticed = refused === null ? await this.noticedSince(before) : [refused];
    if (refused === null) await new Promise((resolve) => setTimeout(resolve, PAID_WITHIN_MS));
    expect(await unaskedPayments(this.books, this.sluice.customers)).toEqual([]);
    return noticed;
  }

  private noticedSince(before: ReadonlySet<string>): Promise<readonly string[]> {
    return eventually(
      async () => {
        const fresh = [...(await this.notices())].filter((line) => !before.has(line));
        if (fresh.length === 0) throw new Error('the attack was not noticed');
        return fresh;
      },
      { withinMs: NOTICED_WITHIN_MS, everyMs: 200 },
    );
  }
}

/**
 * Payment without a customer's order: another recipient, another amount, or a repeated payment of
 * the same order.
 */
interface Unasked {
  readonly venue: string;
  readonly payment: SimulatedPayment;
}

/**
 * Compares the books of all venues with the orders of the customers. Each order has a unique
 * recipient, and the recipient identifies the order of a payment regardless of the references in
 * the payment.
 */
export async function unaskedPayments(
  books: ReadonlyMap<string, SimulatorControl>,
  customers: readonly Customer[],
): Promise<readonly Unasked[]> {
  const asked = new Map(
    customers.flatMap(({ asked: orders }) =>
      [...orders.values()].map((body) => [recipientOf(body).toLowerCase(), body]),
    ),
  );
  const unasked: Unasked[] = [];
  for (const [venue, book] of books)
    for (const payment of await book.payments()) {
      const recipient = payment.destination.toLowerCase();
      const body = asked.get(recipient);
      asked.delete(recipient); // a second payment to the same recipient has no order
      if (body === undefined || !pays(payment, body)) unasked.push({ venue, payment });
    }
  return unasked;
}

function pays({ net_amount, currency }: SimulatedPayment, body: Body): boolean {
  const asset = `${currency}.ETH` as const;
  return (
    currency === body['currency'] &&
    Amount.of(net_amount, asset).equals(Amount.of(String(body['amount']), asset))
  );
}

/** Queries for the notices of each service, for review by a person. */
const NOTICES: Readonly<Record<string, readonly string[]>> = {
  'intake-api': [
    `SELECT 'case ' || trigger || ' ' || withdrawal_id FROM withdrawal_case`,
    `SELECT 'halt ' || reason || ' ' || subject FROM halt`,
  ],
  ledger: [
    `SELECT 'halt ' || id FROM book_halt`,
    `SELECT 'order case ' || withdrawal_id || ': ' || detail FROM order_case`,
  ],
  webhooks: [
    `SELECT 'forged delivery ' || delivery_id FROM delivery_attempt WHERE error = 'forged_delivery'`,
  ],
  // findings are judged by the specs of the auditor
  auditor: [],
  connector: [
    `SELECT 'case ' || kind || ' ' || withdrawal_id FROM submission_case`,
    `SELECT 'halt ' || reason || ' ' || subject FROM halt`,
    `SELECT 'break ' || kind || ' ' || subject FROM break`,
  ],
};
const ANYWHERE = [
  `SELECT 'dead letter ' || id || ': ' || cause FROM dead_letter`,
  `SELECT 'set aside ' || id || ': ' || cause FROM set_aside_row`,
];

/** Returns all notices of all services, a line each. */
async function noticesOf(system: System): Promise<ReadonlySet<string>> {
  const lines = await Promise.all(
    (Object.keys(system.run.databases) as ServiceName[]).map(async (service) => {
      const sql = [...(NOTICES[service] ?? NOTICES['connector'] ?? []), ...ANYWHERE];
      const rows = await query(
        ownerUrlOf(system, service),
        sql.map((one) => `(${one})`).join(' UNION ALL '),
      );
      return rows.map((line) => `${service}: ${line}`);
    }),
  );
  return new Set(lines.flat());
}

async function query(url: string, sql: string): Promise<readonly string[]> {
  const { rows } = await withClient(url, (client) => client.query<{ '?column?': string }>(sql));
  return rows.map((row) => row['?column?']);
}
