import { Injectable } from '@nestjs/common';
import { laneOf, type FormCapabilities, type PreparedRequest } from '@sluice/connector-rules';
import { Amount, destinationOf, type Asset } from '@sluice/kernel';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { countOrderMismatch, openHalts } from '@sluice/service-shell';
import { SendAuthority } from '../authority/send-authority.js';
import { shownCause } from '../rows/state-sql.js';
import { InjectOwner } from '../tokens/tokens.js';
import { type BegunRow, ClaimCommits } from './claim-commits.js';
import {
  orderOf,
  type DueOrder,
  type NewOrder,
  type PeekRow,
  type RepeatRow,
} from './due-order.js';
import { CLAIM_REPEATS, PEEK, POSTPONE, REPEATS_DUE } from './queue-sql.js';
import { SendingRules } from './sending-rules.js';

/** A submission reserved for this instance until the lease ends. */
export interface Claim {
  readonly withdrawalId: string;
  readonly clientReference: string;
  readonly asset: Asset;
  readonly accountId: string;
  /** Fencing token: an outcome is stored only while the row still carries this token. */
  readonly token: string;
  readonly request: PreparedRequest;
  readonly attempt: number;
  /** True if an unknown attempt is sent again under the same key; only an acceptance counts. */
  readonly isRepeat: boolean;
  /** Milliseconds from the claim to the deadline; null without a deadline. */
  readonly leftMs: number | null;
  /** Trace context of the order; null or missing if the order is not traced. */
  readonly traceparent?: string | null;
}

/** An order with its prepared request. */
export interface Ready<Order extends NewOrder = NewOrder> {
  readonly order: Order;
  readonly request: PreparedRequest;
}

/** Intents of new orders of one form. */
export interface FirstIntents {
  /** Endpoint of the turns; null: no order has an intent. */
  readonly endpoint: string | null;
  /** Sealed requests by withdrawal, oldest order first. */
  readonly requests: ReadonlyMap<string, FirstIntent>;
  /** Parameters of the claim, from the second on. */
  readonly parameters: readonly unknown[];
}

interface FirstIntent {
  readonly request: string;
  readonly requestSeal: string;
  readonly gross: string;
  readonly evidence: Readonly<Record<string, string>>;
}

/** Prepared submissions of a database, oldest first. Several instances may claim from the queue. */
@Injectable()
export class SubmissionQueue {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectOwner() private readonly owner: string,
    private readonly authority: SendAuthority,
    private readonly rules: SendingRules,
    private readonly claims: ClaimCommits,
  ) {}

  /**
   * Returns due submissions without locks: the oldest of equal payments and of a lane, and none
   * beside an equal payment without outcome.
   */
  async peek(form: FormCapabilities, limit: number): Promise<DueOrder[]> {
    const rows = await this.unitOfWork.database.query<PeekRow>(PEEK, [
      form.form,
      limit,
      form.submitEndpoint,
      form.lanes ?? null,
      this.rules.lifts.verified,
      this.rules.permits.parameter,
    ]);
    const faults = new Map(rows.flatMap((row) => this.faultOf(row)));
    if (faults.size > 0 && (await this.haltFor(faults))) return [];
    const equalityKeys = new Set<string>();
    const lanes = new Set<string>();
    const orders: DueOrder[] = [];
    for (const row of rows) {
      if (faults.has(row.withdrawal_id)) continue;
      const lane = form.lanes === undefined ? null : laneOf(form, row.asset);
      if (row.equality_key !== null && equalityKeys.has(row.equality_key)) continue;
      if (lane !== null && lanes.has(lane)) continue;
      if (row.equality_key !== null) equalityKeys.add(row.equality_key);
      if (lane !== null) lanes.add(lane);
      orders.push(orderOf(form, row));
    }
    return orders;
  }

  /**
   * Commits the intents: afterwards each request may have been sent. `venueTime`: earliest venue
   * time before. `slotsIn` reserves turns and returns the number of orders to claim. Returns this
   * instance's claims.
   */
  async claim(
    ready: readonly Ready<DueOrder>[],
    leaseMs: number,
    venueTime: Date,
    slotsIn: (tx: Tx) => Promise<number> = () => Promise.resolve(ready.length),
  ): Promise<Claim[]> {
    const rows = ready.map((one) => ({
      withdrawal_id: one.order.withdrawalId,
      attempt: one.order.attempt,
      request: one.request.body,
      request_seal: this.sealOf(one),
      gross: one.request.gross,
      evidence: one.request.evidence,
    }));
    const claimed = await this.claims.commit(async (tx) => {
      const slots = await slotsIn(tx);
      if (slots === 0) return null;
      return [rowsJson(rows.slice(0, slots)), ...this.claimParameters(leaseMs, venueTime)];
    });
    return claimsOf(claimed, ready);
  }

  /** Returns the intents of new orders, for the transaction that stores the orders. */
  firstIntents(
    { submitEndpoint: endpoint }: FormCapabilities,
    ready: readonly Ready[],
    leaseMs: number,
    venueTime: Date,
  ): FirstIntents {
    const requests = ready.map((one) => {
      const { body: request, gross, evidence } = one.request;
      const requestSeal = this.sealOf(one);
      const intent = { request, requestSeal, gross: gross.toString(), evidence };
      return [one.order.withdrawalId, intent] as const;
    });
    const parameters = this.claimParameters(leaseMs, venueTime);
    return { endpoint, requests: new Map(requests), parameters };
  }

  /** Parameters of a claim, from the second on. */
  private claimParameters(leaseMs: number, venueTime: Date): readonly unknown[] {
    const { ceilings, lifts, permits } = this.rules;
    return [
      this.owner,
      leaseMs,
      venueTime,
      JSON.stringify(ceilings.byAsset),
      lifts.verified,
      permits.parameter,
    ];
  }

  private sealOf({ order: { withdrawalId, attempt: number }, request }: Ready): string {
    return this.authority.sealRequest({ withdrawalId, number }, request.body);
  }

  async repeatsDue(form: FormCapabilities, limit: number): Promise<number> {
    if (form.replayForMs === undefined) return 0;
    const [row] = await this.unitOfWork.database.query<{ due: number }>(REPEATS_DUE, [
      form.form,
      form.maxResends,
      form.replayForMs,
      limit,
      this.rules.lifts.verified,
      this.rules.permits.parameter,
    ]);
    return row?.due ?? 0;
  }

  async claimRepeats(
    form: FormCapabilities,
    limit: number,
    leaseMs: number,
    venueTime: Date,
  ): Promise<Claim[]> {
    const parameters = [
      form.form,
      form.maxResends,
      form.replayForMs ?? 0,
      limit,
      this.owner,
      leaseMs,
      venueTime,
      this.rules.lifts.verified,
      this.rules.permits.parameter,
    ];
    const rows = await this.unitOfWork.run((tx) => tx.query<RepeatRow>(CLAIM_REPEATS, parameters));
    const changed = rows.filter(
      ({ withdrawal_id: withdrawalId, number, request, request_seal: seal }) =>
        !this.authority.isRequest({ withdrawalId, number }, request, seal),
    );
    if (changed.length > 0) {
      await this.haltFor(new Map(changed.map(({ withdrawal_id: id }) => [id, CHANGED_REQUEST])));
      return [];
    }
    return rows.map(
      ({
        withdrawal_id: withdrawalId,
        client_reference: clientReference,
        account_id: accountId,
        token,
        number,
        request: body,
        asset,
        gross,
        evidence,
        traceparent,
      }) => ({
        withdrawalId,
        clientReference,
        asset,
        accountId,
        token,
        attempt: number,
        request: { form: form.form, body, gross: Amount.of(gross, asset), evidence },
        isRepeat: true,
        leftMs: null, // the deadline is for the first send
        traceparent,
      }),
    );
  }

  /** Verifies the stored row before its send: another party may have written the table. */
  private faultOf(row: PeekRow): Fault[] {
    const { withdrawal_id: withdrawalId, attempt, earlier } = row;
    const fault = this.authority.fault({
      withdrawalId,
      asset: row.asset,
      amount: row.amount,
      fee: row.fee,
      digest: row.digest,
      accountId: row.account_id,
      destination: destinationOf(row.destination),
      clientReference: row.client_reference,
      notAfter: row.not_after?.toISOString() ?? null,
      order: row.order_mac,
      receipt: row.timed_receipt,
    });
    if (fault !== null) return [[withdrawalId, fault]];
    const seals = earlier ?? [];
    const isProven =
      seals.length === attempt - 1 &&
      seals.every((seal, at) =>
        this.authority.movedNothing({ withdrawalId, number: at + 1 }, seal),
      );
    return isProven ? [] : [[withdrawalId, UNPROVEN_ATTEMPT]];
  }

  /**
   * Halts sending: another party has written this database. Returns true if a halt was opened. A
   * faulty row is never sent.
   */
  private async haltFor(faults: ReadonlyMap<string, string>): Promise<boolean> {
    const halts = [...faults].map(([subject, details]) => ({ reason: FORGED, subject, details }));
    const opened = await this.unitOfWork.run((tx) => openHalts(tx, halts, 'connector'));
    opened.forEach(() => countOrderMismatch('connector'));
    await this.postpone([...faults.keys()], FORGED_AGAIN_MS, FORGED);
    return opened.length > 0;
  }

  /** Returns the reason why the auditor permits the claim no more; null if it may be sent now. */
  permitFault(claim: Pick<Claim, 'asset' | 'accountId'>): string | null {
    return this.rules.permits.fault(claim);
  }

  /** Delays orders if their requests cannot be prepared now, for a cause shown to operators. */
  async postpone(withdrawalIds: readonly string[], pauseMs: number, cause: string): Promise<void> {
    await this.unitOfWork.database.query(POSTPONE, [withdrawalIds, pauseMs, shownCause(cause)]);
  }
}

/** Withdrawal id, and the reason against sending the withdrawal. */
type Fault = readonly [string, string];

const FORGED_AGAIN_MS = 3_600_000;
const FORGED = 'submission_not_vouched_for';
const UNPROVEN_ATTEMPT =
  'it has an earlier attempt that this connector has not found to have moved nothing';
const CHANGED_REQUEST =
  'the request of its attempt differs from the request stored by this connector';

/** Returns the claims of the attempts begun by this instance. */
export function claimsOf(begun: readonly BegunRow[], ready: readonly Ready[]): Claim[] {
  const known = new Map(ready.map((one) => [one.order.withdrawalId, one]));
  return begun.flatMap((row) => {
    const { withdrawal_id: withdrawalId, lease_token: token, left_ms: leftMs, traceparent } = row;
    const one = known.get(withdrawalId);
    if (!one) return [];
    const { clientReference, asset, accountId, attempt } = one.order;
    const order = { withdrawalId, clientReference, asset, accountId, attempt };
    return [{ ...order, token, request: one.request, isRepeat: false, leftMs, traceparent }];
  });
}
