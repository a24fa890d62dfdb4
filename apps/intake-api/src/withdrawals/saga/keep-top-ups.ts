import { Injectable } from '@nestjs/common';
import type { Message, WalletEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';

export type ToppedUpEvent = Extract<Message<WalletEvents>, { type: 'venue.gas-topped-up.v1' }>;

/** Keeps which of our own wallets were filled up with gas, for `GET /v1/transactions`. The ledger books them by a command of its own. */
@Injectable()
export class KeepTopUps {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One that comes again is the one that is there. */
  async take(events: readonly ToppedUpEvent[]): Promise<void> {
    if (events.length === 0) return;
    const reported = events.map(({ data }) => data);
    await this.unitOfWork.run(
      async (tx) =>
        void (await tx.query(KEEP, [
          reported.map(({ network }) => network),
          reported.map(({ txHash }) => txHash),
          reported.map(({ asset }) => asset),
          reported.map(({ amount }) => amount),
          reported.map(({ from }) => from),
          reported.map(({ to }) => to),
          reported.map(({ blockNumber }) => blockNumber),
          reported.map(({ at }) => at),
        ])),
    );
  }
}

// It is of the account whose wallet it was then: that one may be given to another later.
const KEEP = `
  INSERT INTO gas_top_up (network, tx_hash, currency, amount, from_address, to_address, block_number, at, account_id)
  SELECT t.network, t.tx_hash, split_part(t.asset, '.', 1), t.amount, t.from_address, t.to_address, t.block_number, t.at,
         (SELECT w.account_id FROM hot_wallet w WHERE w.network = t.network AND lower(w.address) = lower(t.to_address) LIMIT 1)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
           AS t (network, tx_hash, asset, amount, from_address, to_address, block_number, at)
   ORDER BY t.at, t.tx_hash
  ON CONFLICT (network, tx_hash) DO NOTHING`;
