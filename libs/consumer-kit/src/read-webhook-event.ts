import { bytesAsText } from './bytes-as-text.js';
import { EventFields, type WithdrawalEvent } from './withdrawal-event.js';

const STATUS_BY_EVENT: Readonly<Record<string, string>> = {
  'withdrawal.broadcasted': 'broadcasted',
  'withdrawal.confirmed': 'confirmed',
  'withdrawal.failed': 'failed',
  'withdrawal.cancelled': 'cancelled',
  'withdrawal.returned': 'confirmed',
  'withdrawal.awaiting_approval': 'pending',
  'withdrawal.approved': 'pending',
};

/**
 * Reads the body of a webhook; the signature must be verified before. Returns null for an event not
 * about a withdrawal (a test, a paused webhook, an event of a later version). Throws
 * `UnreadableEvent`.
 *
 * The event id is the delivery id. A receiver behind two webhooks of an account may get two
 * deliveries of an event. The second delivery counts as late, because the sequence is not new.
 */
export function readWebhookEvent(body: Uint8Array | string): WithdrawalEvent | null {
  const envelope = EventFields.parse(bytesAsText(body), 'the body');
  const type = envelope.text('event');
  const status = STATUS_BY_EVENT[type];
  if (status === undefined) return null;
  const data = EventFields.of(envelope.all['data'], 'data');
  const withdrawalId = String(data.count('withdrawal_id'));
  return {
    via: 'webhook',
    type,
    status,
    withdrawalId,
    subject: withdrawalId,
    id: `webhook ${envelope.count('id')}`,
    sequence: data.has('sequence') ? data.count('sequence') : null,
    isEveryStep: false,
    clientReference: data.textOrNull('client_reference'),
    currency: data.text('currency'),
    network: data.text('network'),
    amount: data.text('amount'),
    fee: data.text('fee'),
    txHash: data.textOrNull('tx_hash'),
    reason: data.textOrNull('reason'),
    at: envelope.text('created_at'),
    data: data.all,
  };
}
