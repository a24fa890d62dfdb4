import { Injectable } from '@nestjs/common';
import { originOf } from '@sluice/connector-rules';
import { Amount, type Asset, destinationOf, type WireDestination } from '@sluice/kernel';
import { recipientDigest } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { countOrderMismatch } from '@sluice/service-shell';
import { openCases, type CaseToOpen } from '../cases/open-cases.js';
import { EventWriter } from '../wire/event-writer.js';
import type { SubmitCommand } from './venue-command.js';

interface Stored {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: Asset;
  readonly amount: string;
  readonly destination: WireDestination;
  readonly client_reference: string;
  readonly digest: string;
  readonly ordered_at: Date | null;
  readonly causation_id: string | null;
}

const BELONGS_TO_ANOTHER =
  'its reference at the venue belongs to another withdrawal here, which may have been paid: nothing is sent';

/** Orders of a withdrawal, or under a reference, that is stored already. The identical order is fine; any other is a mistake and opens a case. */
@Injectable()
export class RepeatedOrders {
  constructor(private readonly events: EventWriter) {}

  /** Returns the commands identical to their stored order. Opens a case for a differing order. */
  async check(tx: Tx, commands: readonly SubmitCommand[]): Promise<readonly SubmitCommand[]> {
    if (commands.length === 0) return commands;
    const rows = await tx.query<Stored>(STORED, [
      commands.map(({ data }) => data.withdrawalId),
      commands.map(({ data }) => data.clientReference),
    ]);
    const byId = new Map(rows.map((row) => [row.withdrawal_id, row]));
    const byReference = new Map(rows.map((row) => [row.client_reference, row]));
    const same: SubmitCommand[] = [];
    const cases: CaseToOpen[] = [];
    for (const command of commands) {
      const { withdrawalId, clientReference, digest } = command.data;
      const row = byId.get(withdrawalId);
      const holder = byReference.get(clientReference);
      if (row && row.digest === digest) same.push(command);
      else if (row)
        cases.push({
          withdrawalId,
          kind: 'order_not_as_stored',
          text: `it was ordered again as another order (${digest}), which was not taken`,
        });
      else if (holder && isOrderedAgainAfterRestore(holder, command)) {
        if (await this.handOver(tx, holder, command)) same.push(command);
      } else if (holder) cases.push(this.refuse(tx, holder.withdrawal_id, command));
    }
    for (const _opened of await openCases(tx, cases)) countOrderMismatch('connector');
    await bringForward(tx, same);
    return same;
  }

  /**
   * False while a request is in flight; the sender retries. The inbox keeps the former command's
   * id.
   */
  private async handOver(tx: Tx, holder: Stored, { id, data }: SubmitCommand): Promise<boolean> {
    const { withdrawal_id: from, causation_id: former } = holder;
    const { withdrawalId, digest, orderedAt, notAfter } = data;
    const moved = await tx.query(HAND_OVER, [
      from,
      withdrawalId,
      digest,
      orderedAt,
      notAfter,
      id,
      data.order,
      data.timedReceipt,
      data.fee,
      data.keyId,
      data.signerReceipt ?? null,
    ]);
    if (moved.length === 0) return false;
    if (former !== null) await tx.claimInbox([{ id: former }]);
    const text = `the withdrawal has the reference and terms of ${from}, ordered before a restore: the outcome of ${from} counts for it`;
    await openCases(tx, [{ withdrawalId, kind: 'handed_over', text }]);
    return true;
  }

  private refuse(tx: Tx, holder: string, { id, data }: SubmitCommand): CaseToOpen {
    const trace = {
      withdrawal_id: data.withdrawalId,
      digest: data.digest,
      traceparent: null,
      correlation_id: null,
      causation_id: id,
    };
    tx.publish(
      this.events.unknown(trace, {
        cause: `${BELONGS_TO_ANOTHER} (${holder})`,
        needsDecision: true,
      }),
    );
    return {
      withdrawalId: holder,
      kind: 'reference_of_two',
      text: `withdrawal ${data.withdrawalId} has the reference of this withdrawal`,
    };
  }
}

/**
 * The same terms ordered later under the client's reference are the same withdrawal, after a
 * restore of intake-api. An older order never replaces the stored one.
 */
function isOrderedAgainAfterRestore(holder: Stored, { data }: SubmitCommand): boolean {
  return (
    originOf(holder.client_reference) === 'client_reference' &&
    holder.ordered_at !== null &&
    new Date(data.orderedAt ?? 0) > holder.ordered_at &&
    holder.account_id === data.accountId &&
    holder.asset === data.asset &&
    Amount.of(data.amount, holder.asset).equals(Amount.of(holder.amount, holder.asset)) &&
    recipientDigest(destinationOf(holder.destination)) ===
      recipientDigest(destinationOf(data.destination))
  );
}

/**
 * Applies the earlier deadline of an identical order: intake-api withdraws an order this way. A
 * deadline is never extended.
 */
async function bringForward(tx: Tx, commands: readonly SubmitCommand[]): Promise<void> {
  const rows = commands.flatMap(({ data }) =>
    data.notAfter === null
      ? []
      : [{ withdrawal_id: data.withdrawalId, not_after: data.notAfter, mac: data.order }],
  );
  if (rows.length > 0) await tx.query(BRING_FORWARD, [JSON.stringify(rows)]);
}

const BRING_FORWARD = `
  UPDATE submission s SET not_after = r.not_after, order_mac = r.mac
    FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, not_after timestamptz, mac text)
   WHERE s.withdrawal_id = r.withdrawal_id AND s.state = 'prepared' AND (s.not_after IS NULL OR s.not_after > r.not_after)`;

const STORED = `
  SELECT withdrawal_id, account_id, asset, amount::text, destination, client_reference, digest, ordered_at, causation_id
    FROM submission WHERE withdrawal_id = ANY ($1::uuid[]) OR client_reference = ANY ($2::text[])`;

// Attempts, cases and decisions follow by their foreign keys. The answer to a request in flight would find no row.
const HAND_OVER = `
  UPDATE submission
     SET withdrawal_id = $2, digest = $3, ordered_at = $4, not_after = $5, causation_id = $6, order_mac = $7, timed_receipt = $8, fee = $9, key_id = $10, signer_receipt = $11,
         cancel_state = CASE WHEN state = 'prepared' THEN NULL ELSE cancel_state END
   WHERE withdrawal_id = $1 AND state NOT IN ('sending','repeating')
  RETURNING withdrawal_id`;
