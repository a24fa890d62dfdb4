import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectorOf,
  VENUE_NAMES,
  type VenueName,
  SERVICE_NAMES,
  type ServiceName,
} from '@sluice/stack';
import { isOpenHalt, paymentsOf, recipientIn, recipientOf } from '../judge/gather.js';
import type { PaidAt } from '../judge/verdict.js';
import type { AdminClient } from '../system/admin-client.js';
import { fieldsOf, textOf, type Fields } from '../system/json.js';
import type { SimulatorBook } from '../system/simulators.js';

const LOOK_EVERY_MS = 4_000;
/** Longer than any call takes, and shorter than a venue honours what was sent: a person who is too quick must be told so. */
const IMPATIENT_AFTER_MS = 15_000;
const HALT_IS_LOOKED_AT_AFTER_MS = 12_000;

const SKIP = /sluice kafka skip --service \S+ --topic (\S+) --partition (\d+) --offset (\d+)/;

export const INTERVENTIONS = [
  'decided as paid',
  'decided as absent',
  'told to wait',
  'halts lifted',
  'corrupt batches left out',
] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/** A simulated operator: decides from the venue's own book what machines cannot, and lifts halts after a look. */
export class SimulatedOperator {
  readonly name = 'Nora Nemesis';
  readonly colleague = 'Otto Umpire';
  readonly interventions = new Map<Intervention, number>(
    INTERVENTIONS.map((intervention) => [intervention, 0]),
  );
  readonly diary: string[] = [];
  private readonly saidBefore = new Set<string>();
  private readonly read = new Map<VenueName, readonly PaidAt[]>();
  private readonly haltsSeen = new Map<string, number>();

  constructor(
    private readonly admin: AdminClient,
    private readonly books: ReadonlyMap<VenueName, SimulatorBook>,
  ) {}

  async work(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await this.round().catch((error: unknown) =>
        this.write(`could not look: ${String(error instanceof Error ? error.message : error)}`),
      );
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  private async round(): Promise<void> {
    this.read.clear();
    const undecided = new Set(
      (await this.admin.list('intake-api', '/internal/withdrawals?state=undecided&limit=9999')).map(
        ({ id }) => textOf(id),
      ),
    );
    for (const venue of VENUE_NAMES) {
      // What was not sent, for the record has a payment that may be it, is `prepared` there and undecided here.
      const held = (
        await this.admin.list(connectorOf(venue), '/internal/submissions?state=prepared')
      ).filter((one) => undecided.has(textOf(one['withdrawal_id'])));
      for (const submission of held) await this.decide(venue, submission, 'prepared');
      for (const state of ['undecided', 'disputed', 'unknown', 'refusing']) {
        const waiting = await this.admin.list(
          connectorOf(venue),
          `/internal/submissions?state=${state}`,
        );
        for (const submission of waiting.filter((one) => !isMachines(state) || isOld(one)))
          await this.decide(venue, submission, state);
      }
      await this.lookAtHalts(venue);
    }
    for (const service of SERVICE_NAMES) await this.lookAtLog(service);
  }

  private async decide(venue: VenueName, submission: Fields, state: string): Promise<void> {
    const id = textOf(submission['withdrawal_id']);
    const paid = await this.inTheBook(venue, submission);
    if (isMachines(state) && paid.length > 0) return; // it will find that by itself
    const [first] = paid;
    const decision = first
      ? {
          decision: 'paid',
          venue_reference: state === 'disputed' ? null : first.payment.id,
          evidence: `in the venue's book as ${first.payment.id}`,
        }
      : { decision: 'absent', evidence: "not in the venue's book" };
    const answer = await this.admin.ask(
      connectorOf(venue),
      'POST',
      `/internal/submissions/${id}/decision`,
      {
        ...decision,
        decided_by: this.name,
        confirmed_by: this.colleague,
      },
    );
    if (answer.status === 200) this.count(first ? 'decided as paid' : 'decided as absent');
    else this.count('told to wait');
    this.write(
      `${state} ${id} at ${venue}: ${decision.decision} → ${answer.status} ${answer.message}`,
    );
  }

  /** Where two people have to say so, the other one says it next. */
  private nameFor(id: string): string {
    const before = this.saidBefore.has(id);
    if (before) this.saidBefore.delete(id);
    else this.saidBefore.add(id);
    return before ? this.colleague : this.name;
  }

  /** By our reference where the venue keeps it, else by who was paid; what another submission has is not this one's. */
  private async inTheBook(venue: VenueName, submission: Fields): Promise<readonly PaidAt[]> {
    const payments = await this.bookOf(venue);
    const reference = textOf(submission['client_reference']);
    const byReference = payments.filter(
      ({ payment }) => payment.clientId !== null && payment.clientId === reference,
    );
    if (byReference.length > 0) return byReference;
    const { body } = await this.admin.ask(
      'intake-api',
      'GET',
      `/internal/withdrawals/${textOf(submission['withdrawal_id'])}`,
    );
    const recipient = recipientIn(fieldsOf(body)['destination']);
    return recipient === '' ? [] : payments.filter((one) => recipientOf(one) === recipient);
  }

  /** The venue's book, opened once in a round. */
  private async bookOf(venue: VenueName): Promise<readonly PaidAt[]> {
    const book = this.books.get(venue);
    const known = this.read.get(venue);
    if (known || !book) return known ?? [];
    const payments = [...(await paymentsOf(new Map([[venue, book]]))).values()].flat();
    this.read.set(venue, payments);
    return payments;
  }

  private async lookAtHalts(venue: VenueName): Promise<void> {
    for (const halt of (await this.admin.list(connectorOf(venue), '/internal/halts')).filter(
      isOpenHalt,
    )) {
      const id = textOf(halt['id']);
      const key = `${venue} ${id}`;
      const seen = this.haltsSeen.get(key) ?? Date.now();
      this.haltsSeen.set(key, seen);
      if (Date.now() - seen < HALT_IS_LOOKED_AT_AFTER_MS) continue;
      const answer = await this.admin.ask(
        connectorOf(venue),
        'POST',
        `/internal/halts/${id}/lift`,
        {
          by: this.name,
          evidence: "compared with the venue's book",
        },
      );
      if (answer.status === 200) this.count('halts lifted');
      this.write(
        `halt ${id} at ${venue} (${textOf(halt['reason'])}) lifted → ${answer.status} ${answer.message}`,
      );
    }
  }

  /** A partition that stands before a corrupt batch says so, and how it is left out. */
  private async lookAtLog(service: ServiceName): Promise<void> {
    for (const fault of new Set(await this.admin.faultsOf(service))) {
      const [, topic, partition, offset] = SKIP.exec(fault) ?? [];
      if (topic === undefined || partition === undefined || offset === undefined) continue;
      const path = `/internal/kafka/${encodeURIComponent(topic)}/${partition}/${offset}/skip`;
      const answer = await this.admin.ask(service, 'POST', path, {
        by: this.name,
        evidence: 'one broker, no replica: the batch cannot be mended',
      });
      if (answer.status === 200) this.count('corrupt batches left out');
      this.write(
        `${service}: offset ${offset} of ${topic}, partition ${partition} left out → ${answer.status} ${answer.message}`,
      );
    }
  }

  private count(intervention: Intervention): void {
    this.interventions.set(intervention, (this.interventions.get(intervention) ?? 0) + 1);
  }

  private write(line: string): void {
    this.diary.push(`${new Date().toISOString()} ${line}`);
  }
}

/** States that the connector resolves by itself, and that only an impatient operator decides. */
function isMachines(state: string): boolean {
  return state === 'unknown' || state === 'refusing';
}

function isOld(submission: Fields): boolean {
  const since = Date.parse(textOf(submission['submitted_at'] ?? submission['created_at']));
  return Number.isFinite(since) && Date.now() - since > IMPATIENT_AFTER_MS;
}
