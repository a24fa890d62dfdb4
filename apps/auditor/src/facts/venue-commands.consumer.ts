import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { Amount, type Asset, destinationKey, destinationOf } from '@sluice/kernel';
import { type Message, venueCommands, type VenueCommands, VENUES, WALLET } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { keyOfOrder } from '../venues/read-record.js';
import { FactWrites } from '../writes/fact-writes.js';
import { noteOldest } from './store-facts.js';

export type FollowedCommand = Message<VenueCommands>;

interface OrderRow {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly asset: string;
  readonly amount: string;
  readonly destination: string;
  readonly equality_key: string;
  readonly client_reference: string | null;
  readonly ordered_at: string;
}

export function orderFacts(venue: string, batch: readonly FollowedCommand[]): readonly OrderRow[] {
  return batch.flatMap((command) =>
    command.type === 'venue.submit-withdrawal.v1' ? [orderOf(venue, command)] : [],
  );
}

function orderOf(
  venue: string,
  { data, time }: Extract<FollowedCommand, { type: 'venue.submit-withdrawal.v1' }>,
): OrderRow {
  const { withdrawalId, clientReference = null, orderedAt = time } = data;
  const asset = data.asset as Asset;
  const to = destinationOf(data.destination);
  const [amount, destination] = [Amount.of(data.amount, asset).toString(), destinationKey(to)];
  const isAddress = to.type === 'address';
  return {
    withdrawal_id: withdrawalId,
    venue,
    asset,
    amount,
    destination,
    equality_key: keyOfOrder({ venue, asset, amount, destination, isAddress }),
    client_reference: clientReference,
    ordered_at: orderedAt,
  };
}

/** Stores new orders. The group of an order is compared again if its hold has ended before. */
export const STORE_ORDERS = `
  WITH new AS (
    INSERT INTO audited_order (withdrawal_id, venue, asset, amount, destination, equality_key, client_reference, ordered_at)
    SELECT withdrawal_id, venue, asset, amount, destination, equality_key, client_reference, ordered_at
      FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, asset text, amount numeric, destination text,
                                            equality_key text, client_reference text, ordered_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING withdrawal_id, venue, equality_key)
  INSERT INTO changed_groups (venue, equality_keys)
  SELECT n.venue, array_agg(DISTINCT n.equality_key)
    FROM new n JOIN audited_hold h ON h.withdrawal_id = n.withdrawal_id AND h.state <> 'placed'
   GROUP BY n.venue`;

type Batch = readonly FollowedCommand[];

@Controller()
export class VenueCommandsConsumer {
  constructor(private readonly writes: FactWrites) {}

  async store(venue: string, batch: Batch): Promise<void> {
    const orders = orderFacts(venue, batch);
    await this.writes.add(async (tx) => {
      if (orders.length > 0) await tx.query(STORE_ORDERS, [rowsJson(orders)]);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
  }
}

/** A handler for each topic, because the topic names the venue and the command does not. */
for (const venue of [...VENUES, WALLET]) {
  const descriptor: PropertyDescriptor = {
    value: function (this: VenueCommandsConsumer, batch: Batch): Promise<void> {
      return this.store(venue, batch);
    },
  };
  Object.defineProperty(VenueCommandsConsumer.prototype, venue, descriptor);
  BatchHandler(venueCommands(venue))(VenueCommandsConsumer.prototype, venue, descriptor);
}
