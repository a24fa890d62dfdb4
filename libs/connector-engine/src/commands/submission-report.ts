import { Injectable } from '@nestjs/common';
import { factsAhead, type SubmissionState, type ReportedFact } from '@sluice/connector-rules';
import { MAX_REPORT_ITEMS, type ReportItem, type WireMessage } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { unreachable, type Asset } from '@sluice/kernel';
import { countOrderMismatch } from '@sluice/service-shell';
import { returnedOf } from '../status/apply-returns.js';
import { SendAuthority } from '../authority/send-authority.js';
import { RepeatedOrders } from './repeated-orders.js';
import type { SubmitCommand } from './venue-command.js';
import { CONFIRM, LOOKED_UP_AT } from '../confirm/confirm-sql.js';
import {
  BLOCK_COLUMNS,
  EventWriter,
  TRACE_COLUMNS,
  type BlockColumns,
  type Trace,
} from '../wire/event-writer.js';

export interface RequestedReport extends ReportItem {
  readonly messageId: string;
  readonly time: string;
}

interface Known extends Trace, BlockColumns {
  readonly state: SubmissionState;
  readonly client_reference: string;
  readonly venue_reference: string | null;
  readonly tx_hash: string | null;
  readonly venue_fee: string | null;
  readonly asset: Asset;
  readonly returned_amount: string | null;
  readonly received: string | null;
  readonly reason: string | null;
  readonly cause: string | null;
  readonly cancel_wished: boolean;
  /** True if a person must decide whether the payment happened, after the first look-up. */
  readonly held_back: boolean;
  /** Time of the look-up before the first send; null if immediate. */
  readonly looked_up_at: Date | null;
  /** Proof by this connector of no movement, as first published. */
  readonly nothing_moved: string | null;
}

/**
 * Publishes again the events that the saga may have missed, from the named state to the current
 * one. The request also confirms the withdrawal. Repeated facts are harmless.
 */
@Injectable()
export class SubmissionReport {
  constructor(
    private readonly events: EventWriter,
    private readonly authority: SendAuthority,
    private readonly repeated: RepeatedOrders,
  ) {}

  /** `known`: orders of already stored withdrawals. */
  async answer(
    tx: Tx,
    requested: readonly RequestedReport[],
    known: readonly SubmitCommand[],
  ): Promise<void> {
    const same = await this.repeated.check(tx, known);
    const asked = [...same.map(orderedAgain), ...requested];
    if (asked.length === 0) return;
    await tx.query(CONFIRM, [
      asked.map(({ withdrawalId }) => withdrawalId),
      asked.map(({ time }) => time),
    ]);
    const byId = new Map(asked.map((one) => [one.withdrawalId, one]));
    const rows = await tx.query<Known>(KNOWN, [[...byId.keys()]]);
    const paid: string[] = [];
    for (const row of rows) {
      const seenAs = byId.get(row.withdrawal_id)?.state;
      byId.delete(row.withdrawal_id);
      if (seenAs === undefined) continue;
      const facts = factsAhead(seenAs, {
        state: row.held_back ? 'undecided' : row.state,
        broadcast: row.tx_hash !== null,
      });
      tx.publish(...facts.flatMap((fact) => this.write(row, fact)));
      if (row.looked_up_at) tx.publish(this.events.scheduled(row, row.looked_up_at));
      if (facts.includes('settled')) paid.push(row.withdrawal_id);
    }
    // The original paid report is long past, and used another id if the submission was handed over.
    for (let at = 0; at < paid.length; at += MAX_REPORT_ITEMS)
      tx.publish(this.events.paid(paid.slice(at, at + MAX_REPORT_ITEMS), null));
    for (const { withdrawalId, messageId } of byId.values())
      tx.publish(this.events.missing(withdrawalId, messageId));
  }

  /** Returns no event for a row ended without a valid `nothing_moved` proof: another party wrote it. */
  private write(row: Known, fact: ReportedFact): readonly WireMessage[] {
    if (fact === 'returned') return this.returned(row);
    if (fact !== 'refused' && fact !== 'failed') return [this.followed(row, fact)];
    const { withdrawal_id: withdrawalId, digest, nothing_moved: proof } = row;
    if (proof === null || !this.authority.isProven({ withdrawalId, digest }, proof)) {
      countOrderMismatch('connector');
      return [];
    }
    // published automatically once the proof is complete
    if (!this.events.endings.isWhole(proof)) return [];
    return [this.ended(row, fact, proof)];
  }

  /** As at an end without movement: the row alone proves no return. */
  private returned(row: Known): readonly WireMessage[] {
    const { withdrawal_id: withdrawalId, digest, nothing_moved: proof, returned_amount } = row;
    const { asset, venue_reference } = row;
    if (proof === null || returned_amount === null || venue_reference === null) return [];
    const back = returnedOf({ asset, amount: returned_amount, venue_reference });
    if (!this.authority.isReturnProven({ withdrawalId, digest }, back.amount, proof)) {
      countOrderMismatch('connector');
      return [];
    }
    const reason = row.reason ?? 'returned';
    return [this.events.returned(row, { ...back, reason, message: reason }, proof)];
  }

  private ended(row: Known, fact: 'refused' | 'failed', proof: string): WireMessage {
    const message = row.cause ?? row.reason ?? '';
    if (fact === 'refused')
      return this.events.refused(
        row,
        { reason: row.reason ?? 'refused', venueCode: null, message },
        proof,
      ).message;
    const reason = row.reason ?? 'failed_at_venue';
    const venueReference = row.venue_reference ?? '';
    const cancelled = row.cancel_wished && reason === 'cancelled';
    return this.events.failed(row, { venueReference, reason, message, cancelled }, proof).message;
  }

  private followed(
    row: Known,
    fact: Exclude<ReportedFact, 'refused' | 'failed' | 'returned'>,
  ): WireMessage {
    const { events } = this;
    const venueReference = row.venue_reference ?? '';
    const said = row.cause ?? row.reason ?? '';
    switch (fact) {
      case 'unknown':
      case 'undecided':
        return events.unknown(row, {
          cause: said || 'no outcome is known',
          needsDecision: fact === 'undecided',
        });
      case 'accepted':
        return events.accepted(row, {
          venueReference,
          clientReference: row.client_reference,
          txHash: row.tx_hash,
        });
      case 'broadcast':
        return events.broadcast(row, { venueReference, txHash: row.tx_hash ?? '' });
      case 'settled':
        return events.settled(
          row,
          {
            venueReference,
            txHash: row.tx_hash,
            venueFee: row.venue_fee,
            received: row.received,
          },
          row,
        );
      default:
        return unreachable(fact);
    }
  }
}

const KNOWN = `
  SELECT ${TRACE_COLUMNS}, ${BLOCK_COLUMNS}, s.state, s.client_reference, s.venue_reference, s.tx_hash, s.venue_fee::text, s.asset, s.returned_amount::text, s.received::text, s.reason, s.nothing_moved,
         coalesce(s.cancel_state IN ('wished','asked'), false) AS cancel_wished,
         s.state = 'prepared' AND s.lookup_first AND s.unknown_published AS held_back, ${LOOKED_UP_AT} AS looked_up_at,
         CASE WHEN s.state IN ('unknown','repeating','undecided','refused')
              THEN s.cause END AS cause
    FROM submission s WHERE s.withdrawal_id = ANY ($1::uuid[])`;

/** A repeated order means a sender without the events: they are published again. */
function orderedAgain({ id, time, data }: SubmitCommand): RequestedReport {
  return { withdrawalId: data.withdrawalId, state: 'submitting', messageId: id, time };
}
