import { randomUUIDv7 } from 'node:crypto';
import type { FormCapabilities, SubmissionState, SubmitOutcome, VenueCapabilities } from '@sluice/connector-core';
import { Database, Outbox, PLATFORM_MIGRATIONS, UnitOfWork } from '@sluice/postgres';
import type { TestPostgres } from '@sluice/stack';
import { CancelIntake } from '../intake/cancel-intake.js';
import { CommandIntake, type VenueCommand } from '../intake/command-intake.js';
import { SubmissionIntake } from '../intake/submission-intake.js';
import { CONNECTOR_MIGRATIONS } from '../postgres/connector-migrations.js';
import { Outcomes } from '../queue/outcomes.js';
import { SubmissionQueue, type Claim } from '../queue/submission-queue.js';
import { RatePlan } from '../rate/rate-plan.js';
import { EventWriter } from '../wire.js';

/** Pays any amount to a UID; records can be searched by our key. */
export const FORM: FormCapabilities = {
  form: 'pay',
  destination: 'venue_account',
  accountKinds: ['uid'],
  assets: ['USDT.ETH'],
  recovery: 'search',
  absence: { emptyLookups: 1, afterMs: 0 },
  maxResends: 2,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};

export const UNSAID = { status: null, body: '' };
export const NOT_SENT: SubmitOutcome = { kind: 'not_sent', retryAfterMs: 0, cause: 'no connection', evidence: UNSAID };

export interface ToldEvent {
  readonly withdrawalId: string;
  /** Without its topic and version: `submission-refused`. */
  readonly type: string;
  readonly reason: string | undefined;
}

/** What a connector keeps of its submissions, without workers: a test takes each step itself. */
export class TestQueue {
  readonly told: ToldEvent[] = [];
  readonly events = new EventWriter('testvenue');

  private constructor(
    readonly database: Database,
    readonly unitOfWork: UnitOfWork,
    readonly capabilities: VenueCapabilities,
    private readonly intake: CommandIntake,
  ) {}

  static async start(postgres: TestPostgres, change: Partial<FormCapabilities> = {}): Promise<TestQueue> {
    const url = await postgres.createDatabase('queue');
    const database = await Database.open({ url, name: 'queue', migrations: [...PLATFORM_MIGRATIONS, ...CONNECTOR_MIGRATIONS] });
    const outbox = new Outbox(database);
    const unitOfWork = new UnitOfWork(database, 'queue', outbox);
    const plan = new RatePlan(database, { 'POST /pay': { limit: 1_000, perMs: 1 } });
    await plan.install();
    const events = new EventWriter('testvenue');
    const capabilities = { venue: 'testvenue', forms: [{ ...FORM, ...change }] };
    const submissions = new SubmissionIntake(capabilities, events, plan);
    const intake = new CommandIntake(unitOfWork, submissions, new CancelIntake(capabilities, events), () => undefined);
    const queue = new TestQueue(database, unitOfWork, capabilities, intake);
    outbox.handOver(({ messages }) => {
      for (const { headers, value } of messages) {
        const { withdrawalId, reason } = JSON.parse(value) as { withdrawalId: string; reason?: string };
        queue.told.push({ withdrawalId, type: (headers['ce_type'] ?? '').replace(/^venue\.|\.v1$/g, ''), reason });
      }
    });
    return queue;
  }

  get form(): FormCapabilities {
    return this.capabilities.forms[0] ?? FORM;
  }

  /** Another instance on the same database. */
  instance(owner: string): SubmissionQueue {
    return new SubmissionQueue(this.database, this.unitOfWork, this.events, owner);
  }

  async submit(...deadlines: readonly (Date | null)[]): Promise<string[]> {
    const commands = deadlines.map((notAfter, index) => {
      const withdrawalId = randomUUIDv7();
      const destination = { type: 'venue_account', kind: 'uid', value: '7' } as const;
      const data = { withdrawalId, accountId: withdrawalId, asset: 'USDT.ETH', amount: String(index + 1), destination };
      return this.command({ type: 'venue.submit-withdrawal.v1', data: { ...data, notAfter: notAfter?.toISOString() ?? null } });
    });
    await this.intake.take(commands);
    return commands.map(({ data }) => data.withdrawalId);
  }

  cancel(withdrawalId: string): Promise<void> {
    return this.intake.take([this.command({ type: 'venue.cancel-withdrawal.v1', data: { withdrawalId, reason: 'the customer asked for it' } })]);
  }

  /** One turn of a worker up to its claim. */
  async claim(owner: string, leaseMs = 60_000): Promise<Claim[]> {
    const queue = this.instance(owner);
    const due = await queue.peek(this.form, 100);
    if (due.length === 0) return [];
    return queue.claim(
      due.map((order) => ({ order, request: { form: this.form.form, body: '{}', gross: order.amount, evidence: {} } })),
      leaseMs,
    );
  }

  outcome(claims: readonly Claim[], outcome: SubmitOutcome): Promise<number> {
    return new Outcomes(this.unitOfWork, this.events).store(claims.map((claim) => ({ claim, outcome })));
  }

  async rowOf(withdrawalId: string): Promise<{ state: SubmissionState; reason: string | null; cancel_state: string | null; attempts: number }> {
    const [row] = await this.database.query<{ state: SubmissionState; reason: string | null; cancel_state: string | null; attempts: number }>(
      `SELECT s.state, s.reason, s.cancel_state, (SELECT count(*)::int FROM attempt a WHERE a.withdrawal_id = s.withdrawal_id) AS attempts
         FROM submission s WHERE s.withdrawal_id = $1`,
      [withdrawalId],
    );
    if (!row) throw new Error(`no submission of ${withdrawalId}`);
    return row;
  }

  toldOf(withdrawalId: string): string[] {
    return this.told
      .filter((event) => event.withdrawalId === withdrawalId)
      .map(({ type, reason }) => (reason === undefined ? type : `${type}: ${reason}`));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private command<C extends Pick<VenueCommand, 'type' | 'data'>>(command: C) {
    return { id: randomUUIDv7(), source: 'test', subject: command.data.withdrawalId, time: new Date().toISOString(), ...command };
  }
}
