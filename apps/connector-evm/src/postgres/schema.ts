import { CONNECTOR_SCHEMA } from '@sluice/connector-engine/schema';
import type { DatabaseSchema } from '@sluice/postgres';
import { WALLET_MIGRATIONS } from './migrations.js';
import { WALLET_RETENTION } from './retention.js';

export const WALLET_SCHEMA: DatabaseSchema = {
  migrations: [...CONNECTOR_SCHEMA.migrations, ...WALLET_MIGRATIONS],
  rights: {
    ...CONNECTOR_SCHEMA.rights,
    tables: {
      ...CONNECTOR_SCHEMA.rights.tables,
      lane: 'SELECT, INSERT, UPDATE (next_nonce, complete_from, forgotten_at, unread_nonce, unread_block, paused_because)',
      nonce:
        'SELECT, INSERT, UPDATE (state, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient, gas_reserve, mined_in, outcome, released_at, cancel_asked_at, final_at, taken_back_at)',
      transaction:
        'SELECT, INSERT, UPDATE (sent_at, sent_in, refused_as, refused_with, refused_at, refusals, block_number, block_hash, mined_at, reverted, paid, gas_used, effective_gas_price, final_at)',
      forgotten_transaction: 'SELECT, INSERT',
      wallet_coin: 'SELECT, INSERT, UPDATE (units, arrivals, nonces, counted_at)',
      awaiting_signer: 'SELECT, INSERT, UPDATE (message), DELETE',
      top_up: 'SELECT, INSERT, UPDATE (nonce, outcome, ended_at)',
      chain_follower:
        'SELECT, INSERT, UPDATE (owner, until, token, head_number, head_hash, final_number, base_fee, tip, looked_at)',
    },
  },
  retention: [...(CONNECTOR_SCHEMA.retention ?? []), ...WALLET_RETENTION],
};
