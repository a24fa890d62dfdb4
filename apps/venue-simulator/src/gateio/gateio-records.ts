import { sha256Hex } from '@sluice/signing';
import type { Entry, BookedPayment } from '../sim/payment.js';
import type { GateioStatusScript } from './gateio-status-scripts.js';
import { ACCOUNT_UID } from './gateio-keys.js';

const ENDS: readonly string[] = ['DONE', 'CANCEL', 'REJECT', 'INVALID'];
const ON_CHAIN: readonly string[] = ['EXTPEND', 'FAIL', 'DONE'];
/**
 * Script of a cancel by the client. The venue also uses CANCEL for a cancel of the venue, with a
 * reason.
 */
const OUR_CANCEL: GateioStatusScript = 'withdrawal_cancelled';

/** A row of GET /wallet/withdrawals. */
export function withdrawalRecord({ payment, script, since }: Entry, status: string): object {
  return {
    id: payment.id,
    currency: payment.currency,
    address: payment.destination,
    amount: payment.amount,
    fee: payment.fee,
    txid: txidOf(payment, status),
    chain: payment.chain,
    timestamp: `${seconds(payment.created_at)}`,
    status,
    withdraw_order_id: payment.client_id ?? '',
    block_number: blockNumberOf(payment, status),
    fail_reason:
      status === 'CANCEL' && script !== OUR_CANCEL ? 'Withdrawal cancelled by the system' : '',
    type: 'api',
    timestamp2: ENDS.includes(status) ? `${seconds(since)}` : '',
    memo: payment.memo ?? '',
  };
}

/** Answer of a cancel, without the client's own id. */
export function cancelRecord({ payment }: Entry, status: string): object {
  return {
    id: payment.id,
    txid: '',
    timestamp: `${seconds(payment.created_at)}`,
    amount: payment.amount,
    currency: payment.currency,
    address: payment.destination,
    memo: payment.memo ?? '',
    block_number: '0',
    status,
    chain: payment.chain,
  };
}

/** A row of GET /wallet/push. */
export function pushRecord({ payment }: Entry, status: string): object {
  return {
    id: Number(payment.id),
    push_uid: Number(ACCOUNT_UID),
    receive_uid: Number(payment.destination),
    currency: payment.currency,
    amount: payment.amount,
    create_time: seconds(payment.created_at),
    status,
    message: status === 'PENDING' ? 'The recipient has not completed identity verification' : '',
    transaction_type: 'withdraw',
  };
}

function txidOf(payment: BookedPayment, status: string): string {
  if (!ON_CHAIN.includes(status)) return '';
  const hash = sha256Hex(payment.id);
  return payment.destination.startsWith('0x') ? `0x${hash}` : hash;
}

/** Grows with time as a chain does; "0" until the withdrawal is done. */
function blockNumberOf(payment: BookedPayment, status: string): string {
  return status === 'DONE' ? `${Math.floor(payment.created_at / 12_000)}` : '0';
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
