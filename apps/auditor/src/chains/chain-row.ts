import type { ChainPayment } from '@sluice/connector-evm/audit';
import { destinationKey } from '@sluice/kernel';
import { WALLET } from '@sluice/messages';
import { keyOf } from '../venues/equality-key.js';

/** Row of `venue_payment` for a payment in a final block. */
export function chainRow({ reference, asset, to, amount, hash, at }: ChainPayment) {
  const destination = destinationKey({ type: 'address', address: to });
  return {
    venue: WALLET,
    venue_reference: reference,
    form: 'chain',
    client_reference: null,
    currency: asset,
    network: null,
    destination,
    net: amount,
    gross: amount,
    equality_key: keyOf(asset, amount, destination),
    unlisted_key: null,
    status: 'settled',
    venue_status: 'final',
    tx_hash: hash,
    created_at: at,
  };
}
