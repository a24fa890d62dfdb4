import { HaltWidth } from '../breaks/halt-width.js';
import { RecordJudge } from '../status/judgement.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { randomUUIDv7 } from 'node:crypto';
import { destinationOf, type LoweredCeilings } from '@sluice/kernel';
import type {
  FormCapabilities,
  PreparedRequest,
  SubmissionState,
  SubmitOutcome,
  VenueCapabilities,
} from '@sluice/connector-rules';
import { orderDigest, recipientDigest, type ReportItem } from '@sluice/messages';
import { Outbox, UnitOfWork, type Database } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import type { TestPostgres } from '@sluice/test-servers';
import { HaltLifts, Halts, Health } from '@sluice/service-shell';
import { TEST_SEALS, testApprovals } from '@sluice/service-shell/testing';
import { BreakClosings, Breaks } from '../breaks/breaks.js';
import { SubmissionViews } from '../admin/submission-views.js';
import { WaitingCauses } from '../waiting/waiting-causes.js';
import { Ceilings } from '../ceilings/ceilings.js';
import { CancelHandler } from '../commands/cancel-handler.js';
import { CommandHandler, StoreCommands } from '../commands/command-handler.js';
import type { SubmitCommand, VenueCommand } from '../commands/venue-command.js';
import { RepeatedOrders } from '../commands/repeated-orders.js';
import { SubmissionReport } from '../commands/submission-report.js';
import { SubmitHandler } from '../commands/submit-handler.js';
import { Outcomes } from '../queue/outcomes.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import { WorkerLeases } from '../loops/worker-lease.js';
import { UnderWay } from '../loops/under-way.js';
import { Sweeper } from '../queue/sweeper.js';
import { ClaimCommits } from '../queue/claim-commits.js';
import type { SendingRules } from '../queue/sending-rules.js';
import type { NewOrder } from '../queue/due-order.js';
import { claimsOf, SubmissionQueue, type Claim } from '../queue/submission-queue.js';
import type { FirstSends } from '../worker/submission-worker.js';
import { permitParameter } from '../permits/permit-watch.js';
import { RatePlan } from '../rate/rate-plan.js';
import { LostIntents } from '../restore/lost-intents.js';
import { SentOrders } from '../restore/sent-orders.js';
import { EventWriter } from '../wire/event-writer.js';
import type { SendAuthority } from '../authority/send-authority.js';
import { ANY_ORDER, givenTables, TEST_AUTHORITY, type TestTables } from './given-tables.js';
import { vouchedFor } from '@sluice/test-kit';

/** Pays any amount to a UID; records can be searched by our key. */
export const FORM: FormCapabilities = {
  form: 'pay',
  destination: 'venue_account',
  accountKinds: ['uid'],
  assets: ['USDT.ETH'],
  recovery: 'search',
  absence: { emptyLookups: 1, afterMs: 0 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 2,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};

/** Returns a valid order with a digest, to a UID at the venue. */
export function submitCommand(
  withdrawalId: string,
  change: Partial<SubmitCommand['data']> = {},
): SubmitCommand {
  const destination = { type: 'venue_account', kind: 'uid', value: '7' } as const;
  const terms = {
    withdrawalId,
    accountId: withdrawalId,
    asset: 'USDT.ETH',
    amount: '1',
    fee: '0.1',
    keyId: 'ck_1',
    destination,
    notAfter: null,
    ...change,
  };
  const recipient = recipientDigest(destinationOf(terms.destination));
  const digest = orderDigest({ ...terms, recipientDigest: recipient });
  const envelope = {
    id: randomUUIDv7(),
    source: 'test',
    subject: withdrawalId,
    time: new Date().toISOString(),
  };
  const data = vouchedFor('testvenue', { digest, ...terms });
  return { ...envelope, type: 'venue.submit-withdrawal.v1', data };
}

export const NO_ANSWER = { status: null, body: '' };
export const NOT_SENT: SubmitOutcome = {
  kind: 'not_sent',
  retryAfterMs: 0,
  cause: 'no connection',
  evidence: NO_ANSWER,
};

interface PublishedEvent {
  readonly withdrawalId: string;
  readonly type: string;
  readonly reason: string | undefined;
}

export const QUIET: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
/** Gate of a connector that may send. */
export const OPEN_GATE = { fault: () => null };
export const ANY_PERMIT = {
  parameter: permitParameter({ areRequired: false, held: { current: () => null } }),
  fault: () => null,
};
export const NOTHING_LIFTED = { verified: [] };
export const NOTHING_ADDED = { look: () => Promise.resolve() };

export const NOTHING_SENT = { isPutBack: () => false, report: () => Promise.resolve() };

export function givenCeilings(
  forms: readonly FormCapabilities[],
  lowered: LoweredCeilings = {},
): Ceilings {
  return new Ceilings({ forms }, lowered);
}

/** A connector's queue without workers: a test performs each step. */
export class TestQueue {
  readonly published: PublishedEvent[] = [];
  /** Permits of each instance; default: every order is permitted. */
  permits: SendingRules['permits'] = ANY_PERMIT;
  /** The same events with all their data. */
  readonly messages: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] =
    [];
  /** Instance that sends new orders at once; null: new orders wait in the queue. */
  sentAtOnceBy: string | null = null;
  /** Claims of orders sent at once. */
  readonly sentAtOnce: Claim[] = [];
  private haltLifts: HaltLifts | undefined;
  private breakClosings: BreakClosings | undefined;
  private readonly orders = new Map<string, SubmitCommand>();
  readonly events = new EventWriter('testvenue', TEST_AUTHORITY);

  private constructor(
    private readonly tables: TestTables,
    readonly unitOfWork: UnitOfWork,
    readonly capabilities: VenueCapabilities,
    private readonly commands: CommandHandler,
    readonly ceilings: Ceilings,
  ) {}

  get width(): HaltWidth {
    return new HaltWidth(this.capabilities, { venueHaltFromEur: 1_000 });
  }

  openSubmissions(refusalLookupAfterMs = 35_000): OpenSubmissions {
    const settings = { refusalLookupAfterMs, feeChangeMaxEur: 20 };
    const judgement = new RecordJudge(this.capabilities, settings);
    return new OpenSubmissions(this.unitOfWork, this.events, QUIET, judgement, this.width);
  }

  static async start(
    postgres: TestPostgres,
    change: Partial<FormCapabilities> = {},
    isReadThrough = () => true,
  ): Promise<TestQueue> {
    const tables = await givenTables(postgres, 'queue');
    const database = tables.service;
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, 'queue', outbox);
    const plan = new RatePlan(database, { 'POST /pay': { limit: 1_000, perMs: 1 } });
    await plan.install();
    const events = new EventWriter('testvenue', TEST_AUTHORITY);
    const capabilities = { venue: 'testvenue', forms: [{ ...FORM, ...change }] };
    const ceilings = givenCeilings(capabilities.forms);
    const record = {
      get isThrough() {
        return isReadThrough();
      },
    };
    const submissions = new SubmitHandler(capabilities, events, plan, record, NOTHING_ADDED);
    const stored = new StoreCommands(
      new ClaimCommits(unitOfWork, QUIET),
      submissions,
      new CancelHandler(capabilities, events),
      new SubmissionReport(events, TEST_AUTHORITY, new RepeatedOrders(events)),
      new LostIntents(
        new SentOrders(capabilities, { submitTimeoutMs: 0 }),
        TEST_AUTHORITY,
        'the test',
        unitOfWork,
        QUIET,
      ),
    );
    const commands: CommandHandler = new CommandHandler(
      TEST_AUTHORITY,
      stored,
      submissions,
      {
        wake: () => undefined,
        prepareFirst: (orders) => Promise.resolve(queue.firstSends(orders)),
      },
      { ask: () => undefined },
    );
    const queue: TestQueue = new TestQueue(tables, unitOfWork, capabilities, commands, ceilings);
    outbox.onCommitted(({ messages }) => {
      for (const { headers, value } of messages) {
        const data = JSON.parse(value) as { withdrawalId: string; reason?: string };
        const { withdrawalId, reason } = data;
        const type = (headers['ce_type'] ?? '').replace(/^venue\.|\.v1$/g, '');
        queue.published.push({ withdrawalId, type, reason });
        queue.messages.push({ type, data });
      }
    });
    return queue;
  }

  get database(): Database {
    return this.tables.database;
  }

  loops(owner: string, logger = QUIET): SubmissionLoops {
    const leases = new WorkerLeases(this.service, owner);
    return new SubmissionLoops(new UnderWay(this.service), leases, logger, new Health());
  }

  get service(): Database {
    return this.tables.service;
  }

  get lifts(): HaltLifts {
    return (this.haltLifts ??= new HaltLifts(this.service, TEST_SEALS, QUIET));
  }

  get halts(): Halts {
    const approvals = testApprovals(this.service);
    return new Halts(this.service, this.unitOfWork, approvals, this.lifts);
  }

  get closings(): BreakClosings {
    return (this.breakClosings ??= new BreakClosings(this.service, TEST_SEALS, QUIET));
  }

  get breaks(): Breaks {
    return new Breaks(this.service, this.unitOfWork, this.closings);
  }

  get form(): FormCapabilities {
    return this.capabilities.forms[0] ?? FORM;
  }

  views(): SubmissionViews {
    return new SubmissionViews(this.service, this.waiting());
  }

  waiting(): WaitingCauses {
    const none = { ofProcess: () => null, ofPermit: () => null };
    return new WaitingCauses(this.service, this.lifts, none, this.capabilities, {});
  }

  instance(owner: string, authority: SendAuthority = ANY_ORDER): SubmissionQueue {
    const { ceilings, lifts, unitOfWork } = this;
    const claims = new ClaimCommits(unitOfWork, QUIET);
    const rules = { ceilings, lifts, permits: this.permits };
    return new SubmissionQueue(unitOfWork, owner, authority, rules, claims);
  }

  sweep(): Promise<void> {
    const underWay = new UnderWay(this.service);
    return new Sweeper(this.unitOfWork, this.events, underWay, QUIET, NOTHING_SENT).sweep();
  }

  async submit(...deadlines: readonly (Date | null)[]): Promise<string[]> {
    const orders = deadlines.map((notAfter, index) => {
      const order = submitCommand(randomUUIDv7(), {
        amount: String(index + 1),
        notAfter: notAfter?.toISOString() ?? null,
      });
      this.orders.set(order.data.withdrawalId, order);
      return order;
    });
    await this.commands.handle(orders);
    return orders.map(({ data }) => data.withdrawalId);
  }

  cancel(withdrawalId: string): Promise<void> {
    return this.commands.handle([
      this.command({
        type: 'venue.cancel-withdrawal.v1',
        data: { withdrawalId, reason: 'requested by the customer' },
      }),
    ]);
  }

  /** Handles a report request of the saga for withdrawals. */
  report(...items: readonly ReportItem[]): Promise<void> {
    const withdrawalId = items[0]?.withdrawalId ?? '';
    return this.commands.handle([
      this.command({ type: 'venue.report-submissions.v1', data: { withdrawalId, items } }),
    ]);
  }

  /** The same orders once more, under new message ids. */
  async orderAgain(...withdrawalIds: readonly string[]): Promise<void> {
    await this.take(
      ...withdrawalIds.map((id) => ({
        ...(this.orders.get(id) ?? submitCommand(id)),
        id: randomUUIDv7(),
      })),
    );
  }

  take(...commands: readonly VenueCommand[]): Promise<void> {
    return this.commands.handle(commands);
  }

  /** Runs a worker's round up to the claim. */
  async claim(owner: string, leaseMs = 60_000, venueTime = new Date()): Promise<Claim[]> {
    const queue = this.instance(owner);
    const due = await queue.peek(this.form, 100);
    if (due.length === 0) return [];
    return queue.claim(
      due.map((order) => ({
        order,
        request: this.request(order),
      })),
      leaseMs,
      venueTime,
    );
  }

  private firstSends(orders: readonly NewOrder[]): FirstSends | null {
    if (this.sentAtOnceBy === null || orders.length === 0) return null;
    const ready = orders.map((order) => ({ order, request: this.request(order) }));
    const queue = this.instance(this.sentAtOnceBy);
    return {
      intents: queue.firstIntents(this.form, ready, 60_000, new Date()),
      send: (begun) => void this.sentAtOnce.push(...claimsOf(begun, ready)),
    };
  }

  private request({ amount: gross }: Pick<NewOrder, 'amount'>): PreparedRequest {
    return { form: this.form.form, body: '{}', gross, evidence: {} };
  }

  outcome(
    claims: readonly Claim[],
    outcome: SubmitOutcome,
    refusalLookupAfterMs = 0,
  ): Promise<number> {
    const { unitOfWork, events, capabilities } = this;
    const outcomes = [unitOfWork, events, { refusalLookupAfterMs }, ANY_ORDER] as const;
    return new Outcomes(...outcomes, capabilities).store(
      claims.map((claim) => ({ claim, outcome })),
    );
  }

  async rowOf(withdrawalId: string): Promise<{
    state: SubmissionState;
    reason: string | null;
    cancel_state: string | null;
    attempts: number;
  }> {
    const [row] = await this.database.query<{
      state: SubmissionState;
      reason: string | null;
      cancel_state: string | null;
      attempts: number;
    }>(
      `SELECT s.state, s.reason, s.cancel_state, (SELECT count(*)::int FROM attempt a WHERE a.withdrawal_id = s.withdrawal_id) AS attempts
         FROM submission s WHERE s.withdrawal_id = $1`,
      [withdrawalId],
    );
    if (!row) throw new Error(`no submission of ${withdrawalId}`);
    return row;
  }

  publishedOf(withdrawalId: string): string[] {
    return this.published
      .filter((event) => event.withdrawalId === withdrawalId)
      .map(({ type, reason }) => (reason === undefined ? type : `${type}: ${reason}`));
  }

  close(): Promise<void> {
    return this.tables.close();
  }

  private command<C extends Pick<VenueCommand, 'type' | 'data'>>(command: C) {
    return {
      id: randomUUIDv7(),
      source: 'test',
      subject: command.data.withdrawalId,
      time: new Date().toISOString(),
      ...command,
    };
  }
}
