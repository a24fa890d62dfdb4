import type { DecideDto, SubmissionDto, SubmissionsQuery } from '@sluice/http-api';
import { AdminError, ifThere } from '@sluice/admin-client';
import {
  pause,
  paymentsOf,
  recipientOf,
  type Books,
  type PaidAt,
  type ServiceName,
  type VenueName,
} from '@sluice/stack';
import { isOpenHalt, recipientIn } from '../judge/gather.js';
import type { AdminClients } from '../system/admin-clients.js';
import type { InstanceName } from '../system/names.js';
import {
  decidePayments,
  isOfLedger,
  settleLedger,
  settleSigner,
  serviceAt,
  type Halting,
} from './operator-steps.js';

const LOOK_EVERY_MS = 4_000;
/**
 * Longer than any call takes, and shorter than a venue honours a sent request: the connector must
 * reject an operator's early decision.
 */
const IMPATIENT_AFTER_MS = 15_000;
const HALT_IS_LOOKED_AT_AFTER_MS = 12_000;

const SKIP = /sluice kafka skip --service \S+ --topic (\S+) --partition (\d+) --offset (\d+)/;

type SubmissionState = NonNullable<SubmissionsQuery['state']>;

const INTERVENTIONS = [
  'decided as paid',
  'decided as absent',
  'left waiting',
  'halts lifted',
  'corrupt batches skipped',
  'payments of people decided',
  'signers restarted',
] as const;
type Intervention = (typeof INTERVENTIONS)[number];

interface Outcome {
  readonly taken: boolean;
  readonly said: string;
}

/**
 * Simulated operator: resolves undecidable submissions from the venue's own book, and lifts halts
 * after a delay.
 */
export class SimulatedOperator {
  readonly name = 'Nora Nemesis';
  readonly interventions = new Map<Intervention, number>(
    INTERVENTIONS.map((intervention) => [intervention, 0]),
  );
  readonly diary: string[] = [];
  /** Suspends all checks. */
  offDuty = false;
  private readonly read = new Map<VenueName, readonly PaidAt[]>();
  private readonly haltsSeen = new Map<string, number>();

  constructor(
    private readonly admin: AdminClients,
    /** Second person for approvals. */
    private readonly colleague: AdminClients,
    private readonly books: Books,
    /** Restarts a process; false if the process is not running. */
    private readonly restart: (name: InstanceName) => boolean,
  ) {}

  async work(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      if (!this.offDuty)
        await this.round().catch((error: unknown) =>
          this.write(`could not check: ${String(error instanceof Error ? error.message : error)}`),
        );
      await pause(LOOK_EVERY_MS, ended);
    }
  }

  private async round(): Promise<void> {
    this.read.clear();
    if (await settleLedger(this.admin, this.colleague))
      this.write('the ledger was restored: the halts are lifted');
    for (const name of await settleSigner(this.admin, this.restart)) {
      this.count('signers restarted');
      this.write(`${name} did not trust its restored database: restarted`);
    }
    this.count('payments of people decided', await decidePayments([this.admin, this.colleague]));
    const all = { state: ['undecided'], limit: 9_999 } as const;
    const { data: waiting } = await this.admin.intake.withdrawals(all);
    const undecided = new Set(waiting.map(({ id }) => id));
    for (const venue of this.admin.scope.venues) {
      // An unsent submission with a possibly matching record is `prepared` at the connector.
      // intake-api may know the payment already, from before a restore of the connector.
      for (const one of await this.submissionsIn('prepared', venue))
        if (one.unknown_published || undecided.has(one.withdrawal_id))
          await this.decide(venue, one);
      for (const state of ['undecided', 'disputed', 'unknown', 'refusing'] as const)
        for (const one of await this.submissionsIn(state, venue))
          if (!isMachines(state) || (isOld(one) && isImpatientAbout(one)))
            await this.decide(venue, one);
      await this.lookAtHalts(venue);
    }
    await this.lookAtHalts('intake-api');
    for (const service of this.admin.scope.services) await this.lookAtLog(service);
  }

  private submissionsIn(
    state: SubmissionState,
    venue: VenueName,
  ): Promise<readonly SubmissionDto[]> {
    return this.admin.connector(venue).submissions({ state });
  }

  private async decide(venue: VenueName, submission: SubmissionDto): Promise<void> {
    const { withdrawal_id: id, state } = submission;
    const paid = await this.inTheBook(venue, submission);
    // Without the withdrawal the recipient is unknown, and an empty result proves nothing.
    if (paid === null) return this.count('left waiting');
    // the connector finds the payment without help
    if (isMachines(state) && paid.length > 0) return;
    const [first] = paid;
    const decision: DecideDto = first
      ? {
          decision: 'paid',
          venue_reference:
            state === 'disputed' ? null : (first.payment.venue_reference ?? first.payment.id),
          evidence: `payment ${first.payment.id} in the venue's book`,
        }
      : { decision: 'absent', evidence: "no payment in the venue's book" };
    const asked = await outcomeOf(this.admin.connector(venue).decide(id, decision));
    const { taken, said } = (await this.approved(venue, id)) ?? asked;
    if (taken) this.count(first ? 'decided as paid' : 'decided as absent');
    else this.count('left waiting');
    this.write(`${state} ${id} at ${venue}: ${decision.decision} → ${said}`);
  }

  /**
   * Approves the pending request about the target as the colleague, from this round or from an
   * interrupted earlier round. Undefined if no request is pending.
   */
  private async approved(place: Halting, target: string): Promise<Outcome | undefined> {
    const approvals = await this.colleague.halting(serviceAt(place)).approvals();
    const awaited = approvals.find((one) => one.target === target && one.state === 'awaited');
    return awaited && outcomeOf(this.colleague.halting(serviceAt(place)).approve(awaited.id));
  }

  /**
   * Finds payments by our reference if the venue keeps references, otherwise by recipient. Null if the
   * withdrawal is not on record: its recipient is then unknown.
   */
  private async inTheBook(
    venue: VenueName,
    { client_reference: reference, withdrawal_id: id }: SubmissionDto,
  ): Promise<readonly PaidAt[] | null> {
    const payments = await this.bookOf(venue);
    const byReference = payments.filter(
      ({ payment }) => payment.client_id !== null && payment.client_id === reference,
    );
    if (byReference.length > 0) return byReference;
    const withdrawal = await ifThere(this.admin.intake.withdrawal(id));
    if (withdrawal === undefined) return null;
    const recipient = recipientIn(withdrawal.destination);
    return recipient === ''
      ? []
      : payments.filter((one) => recipientOf(one.venue, one.payment) === recipient);
  }

  /** The venue's book, opened once in a round. */
  private async bookOf(venue: VenueName): Promise<readonly PaidAt[]> {
    const known = this.read.get(venue);
    if (known) return known;
    const books = this.books.filter(([name]) => name === venue);
    const payments = [...(await paymentsOf(books)).values()].flat();
    this.read.set(venue, payments);
    return payments;
  }

  private async lookAtHalts(place: Halting): Promise<void> {
    const halts = await this.admin.halting(serviceAt(place)).halts();
    for (const { id, reason } of halts.filter(isOpenHalt)) {
      if (place === 'intake-api' && isOfLedger(reason)) continue;
      const key = `${place} ${id}`;
      const seen = this.haltsSeen.get(key) ?? Date.now();
      this.haltsSeen.set(key, seen);
      if (Date.now() - seen < HALT_IS_LOOKED_AT_AFTER_MS) continue;
      const lift = { evidence: "compared with the venues' books" };
      const asked = await outcomeOf(this.admin.halting(serviceAt(place)).liftHalt(id, lift));
      const { taken, said } = (await this.approved(place, id)) ?? asked;
      if (taken) this.count('halts lifted');
      this.write(`halt ${id} at ${place} (${reason}) lifted → ${said}`);
    }
  }

  /** A partition blocked by a corrupt batch reports the batch and the command to skip the batch. */
  private async lookAtLog(service: ServiceName): Promise<void> {
    for (const fault of new Set(await this.admin.faultsOf(service))) {
      const [, topic, partition, offset] = SKIP.exec(fault) ?? [];
      if (topic === undefined || partition === undefined || offset === undefined) continue;
      const decision = {
        evidence: 'one broker without a replica: the batch cannot be repaired',
      };
      const { taken, said } = await outcomeOf(
        this.admin.service(service).skipBatch({ topic, partition, offset }, decision),
      );
      if (taken) this.count('corrupt batches skipped');
      this.write(
        `${service}: offset ${offset} of ${topic}, partition ${partition}  skipped → ${said}`,
      );
    }
  }

  private count(intervention: Intervention, times = 1): void {
    this.interventions.set(intervention, (this.interventions.get(intervention) ?? 0) + times);
  }

  private write(line: string): void {
    this.diary.push(`${new Date().toISOString()} ${line}`);
  }
}

/** States resolved by the connector alone; only an impatient operator decides earlier. */
function isMachines(state: string): boolean {
  return state === 'unknown' || state === 'refusing';
}

/**
 * Half of the submissions are left to the connector, although the proof of absence takes a quarter
 * of an hour.
 */
function isImpatientAbout({ withdrawal_id: id }: SubmissionDto): boolean {
  return Number.parseInt(id.slice(-1), 16) % 2 === 0;
}

function isOld({ submitted_at, created_at }: SubmissionDto): boolean {
  return Date.now() - Date.parse(submitted_at ?? created_at) > IMPATIENT_AFTER_MS;
}

/** Result of a request: taken, or the text of the refusal. Throws if no instance responds. */
async function outcomeOf(asked: Promise<unknown>): Promise<Outcome> {
  try {
    await asked;
    return { taken: true, said: 'taken' };
  } catch (error) {
    if (!(error instanceof AdminError) || error.status === null) throw error;
    return { taken: false, said: `${error.status} ${error.failure.message}` };
  }
}
