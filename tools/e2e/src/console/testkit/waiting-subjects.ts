import { randomUUID } from 'node:crypto';
import { approvedBy, isAwaited } from '@sluice/admin-client';
import type { WithdrawalDto } from '@sluice/http-api';
import {
  AdminClients,
  connectorOf,
  FIRST_VENUE,
  ownerUrlOf,
  type ServiceName,
} from '@sluice/stack';
import { withClient } from '@sluice/test-servers';
import {
  freshAddress,
  numberOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from '../../testkit/customer.js';
import type { TestSystem } from '../../testkit/given-system.js';
import { addApprovalAbove, voteOn } from '../../testkit/spending-policy.js';

const CONNECTOR = connectorOf(FIRST_VENUE);
const PUSH = 'POST /withdrawals/push';
const EVIDENCE = { evidence: 'checked by a test' };
/** A pause is a state of the wallet that a chain has to cause. */
const PAUSED = 'every node refuses transaction 0xfeed of nonce 7 as invalid';

const DEVIATION = 'the venue lists 5.20 USDT, the order was 5.25 USDT';
/** Something that waits for a person: the service, the kind and the id in the address of its page. */
interface WaitingSubject {
  readonly service: ServiceName;
  readonly kind: string;
  readonly id: string;
}

/**
 * One subject of each kind that waits for people. Subjects whose real cause takes minutes, or a
 * damaged service, are rows of the service's database.
 */
export class WaitingSubjects {
  private readonly ends: (() => Promise<unknown>)[] = [];
  readonly all: WaitingSubject[] = [];
  readonly address = freshAddress();
  wallet = '';

  private constructor(
    private readonly sluice: TestSystem,
    readonly customer: Customer,
    readonly completed: WithdrawalDto,
  ) {}

  static async plantedIn(sluice: TestSystem): Promise<WaitingSubjects> {
    const customer = await sluice.customer({ funds: '1000' });
    const number = numberOf(await customer.post(toAddress()));
    const completed = await customer.reaches(number, ['completed']);
    const subjects = new WaitingSubjects(sluice, customer, completed);
    await subjects.makePayments();
    await subjects.makeHalt();
    await subjects.makeAddressEntry();
    await subjects.plantRows();
    return subjects;
  }

  /** Address of the page where the only subject of the kind is decided. */
  pageOf(kind: string): string {
    const { service, id } = this.of(kind);
    return `/decide/${service}/${kind}/${id}`;
  }

  of(kind: string): WaitingSubject {
    const found = this.all.find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} waits`);
    return found;
  }

  /** Ends every subject as people do, the newest first. */
  async end(): Promise<void> {
    for (const end of this.ends.toReversed()) await end();
  }

  private add(service: ServiceName, kind: string, id: string, end?: () => Promise<unknown>): void {
    this.all.push({ service, kind, id });
    if (end) this.ends.push(end);
  }

  private async makePayments(): Promise<void> {
    const { sluice, customer } = this;
    const reaches = async (body: Body, state: string): Promise<string> =>
      (await customer.reaches(numberOf(await customer.post(body)), [state])).id;
    await addApprovalAbove(sluice, customer.accountId, { above: '40', need: 1 });
    const refused = await reaches(toAddress({ amount: '41.75' }), 'awaiting_approval');
    await voteOn(sluice.approver.ledger, refused, 'refuse');
    await customer.isFinal(refused);
    const big = await reaches(toAddress({ amount: '50' }), 'awaiting_approval');
    this.add('ledger', 'payment_approval', big, () =>
      voteOn(sluice.approver.ledger, big, 'refuse'),
    );
    await sluice.venue.arm(PUSH, 'refuse_with_5xx');
    const undecided = await reaches(toUser(), 'undecided');
    this.add(CONNECTOR, 'case', undecided, async () => {
      await sluice.decide(FIRST_VENUE, undecided, { decision: 'absent', ...EVIDENCE });
      await customer.reaches(undecided, ['failed']);
    });
    await this.asOwner(
      'ledger',
      `INSERT INTO order_case (withdrawal_id, account_id, detail, opened_at)
       VALUES ($1, $2, 'the signature does not fit the key of the customer', now())`,
      [refused, customer.accountId],
    );
    this.add('ledger', 'order_case', refused);
  }

  /** The comparison with the ledger would resolve the planted difference: a trigger keeps it. */
  private async plantDifference(): Promise<void> {
    const { id } = this.completed;
    const ask = (sql: string, ...values: readonly string[]) =>
      this.asOwner('intake-api', sql, values);
    await ask(
      `INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ($1, 'capture_missing', 'its hold is placed')`,
      id,
    );
    await ask(
      `CREATE FUNCTION keep_planted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
    );
    await ask(
      'CREATE TRIGGER keep_planted BEFORE UPDATE OR DELETE ON ledger_difference FOR EACH ROW EXECUTE FUNCTION keep_planted()',
    );
    this.add('intake-api', 'ledger_difference', id, async () => {
      await ask('DROP FUNCTION keep_planted() CASCADE');
      await ask('DELETE FROM ledger_difference WHERE withdrawal_id = $1', id);
    });
  }

  /** The second person of the tests asks, so that the first may approve. */
  private async makeHalt(): Promise<void> {
    const { sluice } = this;
    const [first, second] = [
      sluice.approver.connector(FIRST_VENUE),
      sluice.admin.connector(FIRST_VENUE),
    ];
    const [halt] = await this.asOwner(
      CONNECTOR,
      `INSERT INTO halt (scope, target, reason, subject, details, opened_by)
       VALUES ('account', $1, 'other_amount', $2, $3, 'connector') RETURNING id::text`,
      [randomUUID(), `planted ${this.completed.number}`, DEVIATION],
    );
    const id = String(halt?.['id']);
    const asked = await first.liftHalt(id, EVIDENCE);
    if (!isAwaited(asked)) throw new Error('one person has lifted a halt');
    this.add(CONNECTOR, 'halt', id, () => second.approve(asked.approval_id));
    this.add(CONNECTOR, 'approval', asked.approval_id);
    const [found] = await this.asOwner(
      CONNECTOR,
      `INSERT INTO break (kind, subject, withdrawal_id, details, halt_id)
       VALUES ('other_amount', $1, $2, $3, $4) RETURNING id::text`,
      [`planted ${this.completed.number}`, this.completed.id, DEVIATION, id],
    );
    const breakId = String(found?.['id']);
    this.add(CONNECTOR, 'break', breakId, () => first.closeBreak(breakId, EVIDENCE));
  }

  private async makeAddressEntry(): Promise<void> {
    // the author of an entry may not confirm it
    const { ledger } = new AdminClients(() => this.sluice.system.run, 'ada');
    const { accountId: account_id } = this.customer;
    await ledger.setAddressBook(account_id, {
      only_book: false,
      confirmation: 'person',
      waits_hours: 24,
    });
    const { id: entry_id } = await ledger.addAddress(account_id, {
      network: 'ETH',
      destination: { type: 'address', address: this.address },
      label: 'Vault of the treasury',
    });
    const end = () => ledger.removeAddress({ account_id, entry_id }, {});
    this.add('ledger', 'address_entry', entry_id, end);
  }

  private async plantRows(): Promise<void> {
    const { admin } = this.sluice;
    const [finding] = await this.asOwner(
      'auditor',
      `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at)
       VALUES ('other_amount', 'account', $1, 'withdrawal 4711', $2, now()) RETURNING id::text`,
      [
        randomUUID(),
        { ledger: { amount: '5.25' }, venue: { amount: '5.20', reference: 'w-4711' } },
      ],
    );
    const findingId = String(finding?.['id']);
    this.add('auditor', 'finding', findingId, () => this.closeFindings());
    const [letter] = await this.asOwner(
      'ledger',
      `INSERT INTO dead_letter (topic, partition, "offset", key, headers, value, encoding, cause)
       VALUES ('ledger.commands', 0, 900000000000, 'key-4711', '{"source": "a test"}', '{"type": "hold", "amount": "5.25"}', 'utf8', 'amount is not a text')
       RETURNING id::text`,
    );
    const letterId = String(letter?.['id']);
    this.add('ledger', 'dead_letter', letterId, () =>
      admin.service('ledger').dismissDeadLetter(letterId, { reason: 'planted' }),
    );
    await this.plantDifference();
    const [lane] = await this.asOwner(
      'connector-evm',
      `UPDATE lane SET paused_because = $1 WHERE (network, address) = (SELECT network, address FROM lane ORDER BY 1, 2 LIMIT 1)
       RETURNING network, address`,
      [PAUSED],
    );
    this.wallet = String(lane?.['address']);
    this.add('connector-evm', 'paused_wallet', `${String(lane?.['network'])}:${this.wallet}`, () =>
      this.asOwner('connector-evm', 'UPDATE lane SET paused_because = NULL'),
    );
  }

  /** The auditor itself has found that a finding was planted, and withholds every permit. */
  private async closeFindings(): Promise<void> {
    const { admin, approver } = this.sluice;
    for (const { id, closed_at: closedAt } of await admin.auditor.findings())
      if (closedAt === null)
        await approvedBy(
          approver.service('auditor'),
          admin.auditor.closeFinding(id, { reason: 'planted' }),
        );
  }

  private asOwner(
    service: ServiceName,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return withClient(ownerUrlOf(this.sluice.system, service), async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
      return rows;
    });
  }
}
