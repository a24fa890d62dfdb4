import { meansIdempotencyKey, nearIdempotencyHeader } from './idempotency-names.js';
import { lettersOf } from './misspelt.js';

const MEANS = [
  'requestId',
  'request_id',
  'clientOrderId',
  'client_order_id',
  'order_id',
  'orderId',
  'ORDER-ID',
  'clientOid',
  'client_oid',
  'merchant_order_id',
  'merchantOrderNo',
  'withdraw_order_id',
  'withdrawOrderId',
  'withdrawal_id',
  'external_id',
  'externalId',
  'externalTxId',
  'unique_external_id',
  'idempotency_key',
  'idempotencyKey',
  'Idempotence-Key',
  'idempotent_id',
  'idempotecy_key',
  'idem',
  'reference',
  'reference_id',
  'ref',
  'refId',
  'client_ref',
  'clientReferenceId',
  'merchantReference',
  'payment_reference',
  'customerTransactionId',
  'client_transfer_id',
  'client_wid',
  'clientId',
  'foreign_id',
  'sequenceId',
  'tracking_id',
  'sender_item_id',
  'out_trade_no',
  'out_biz_no',
  'payout_id',
  'order_number',
  'requestNo',
  'cl_ord_id',
  'x-client-request-id',
  'dedup_id',
  'transactionId',
];

/** Fields that clients send for other reasons: the contract ignores them. */
const OTHERS = [
  'note',
  'reason',
  'description',
  'comment',
  'value',
  'type',
  'metadata',
  'user_id',
  'customer_id',
  'merchant_id',
  'account_id',
  'sub_account',
  'wallet_id',
  'chain',
  'fee',
  'priority',
  'callback_url',
  'href',
  'timestamp',
  'nonce',
  'signature',
  'order',
  'request',
  'key',
  'id',
  'to',
  'preferences',
  'reference_account_id',
  'user_reference_data',
];

describe('meansIdempotencyKey', () => {
  it.each(MEANS)('takes %s for an idempotency key', (name) => {
    expect(meansIdempotencyKey(lettersOf(name))).toBe(true);
  });

  it.each(OTHERS)('takes %s for no idempotency key', (name) => {
    expect(meansIdempotencyKey(lettersOf(name))).toBe(false);
  });

  it('answers at once for a long name', () => {
    const begin = performance.now();
    meansIdempotencyKey('clientorder'.repeat(3) + 'clientorde');
    expect(performance.now() - begin).toBeLessThan(200);
  });
});

describe('nearIdempotencyHeader', () => {
  it.each([
    'x-idempotency-key',
    'X-Idempotency-Key',
    'x-request-idempotency-key',
    'idempotency-id',
    'idempotency_key',
    'idempotent-key',
    'idempotencykey',
    'idempotence-key',
    'idempotecny-key',
    'x-client-reference',
    'client-reference',
  ])('names %s', (name) => {
    expect(nearIdempotencyHeader(['host', name, 'accept'])).toBe(name);
  });

  it('leaves alone the header itself, and what proxies add', () => {
    expect(
      nearIdempotencyHeader([
        'idempotency-key',
        'Idempotency-Key',
        'x-request-id',
        'x-correlation-id',
        'x-client-request-id',
        'traceparent',
        'x-amzn-trace-id',
        'x-cpg-key',
        'prefer',
      ]),
    ).toBeUndefined();
  });
});
