import { readFileSync } from 'node:fs';
import { decode, withdrawalEvents, type WireMessage } from '@sluice/messages';
import { bodyAfterId, notifiedBy, webhookTime, type WithdrawalStep } from './event-body.js';

const SAMPLES = new URL(
  '../../../../libs/messages/src/samples/withdrawal.events/',
  import.meta.url,
);

function sample(type: string, change: object = {}): WithdrawalStep {
  const [wire] = JSON.parse(
    readFileSync(new URL(`${type}.json`, SAMPLES), 'utf8'),
  ) as WireMessage[];
  const read = decode(withdrawalEvents, wire as WireMessage);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  const { value } = read;
  return { ...value, data: { ...value.data, ...change } };
}

const AT = '2026-11-20T08:09:00.040Z';

describe('what webhooks tell of a withdrawal', () => {
  it.each([
    ['withdrawal.broadcast.v1', 'withdrawal.broadcasted'],
    ['withdrawal.completed.v1', 'withdrawal.confirmed'],
    ['withdrawal.failed.v1', 'withdrawal.failed'],
    ['withdrawal.cancelled.v1', 'withdrawal.cancelled'],
    ['withdrawal.returned.v1', 'withdrawal.returned'],
    ['withdrawal.awaiting_approval.v1', 'withdrawal.awaiting_approval'],
    ['withdrawal.submitting.v1', undefined],
  ])('%s is %s', (type, event) => expect(notifiedBy(sample(type))?.event).toBe(event));

  it('is that people have approved it, by the step after the approval alone', () => {
    const approved = sample('withdrawal.submitting.v1', { approved: true });
    const data = { status: 'pending', withdrawal_id: 1001 };

    expect(notifiedBy(approved)).toMatchObject({ event: 'withdrawal.approved', data });
    expect(notifiedBy(sample('withdrawal.submitting.v1', { approved: false }))).toBeNull();
  });

  it('has the address as the customer wrote it', () => {
    const destination = { type: 'address', address: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed' };
    const givenAddress = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    const completed = (more: object) =>
      notifiedBy(sample('withdrawal.completed.v1', { destination, ...more }))?.data;

    expect(completed({})).toMatchObject({ to_address: destination.address });
    expect(completed({ givenAddress })).toMatchObject({ to_address: givenAddress });
  });

  it('is how much of a payment came back, and when it was credited', () => {
    const returned = sample('withdrawal.returned.v1', { returnedAmount: '40', decimals: 6 });

    expect(notifiedBy(returned)?.data).toMatchObject({
      amount: '100.000000',
      returned_amount: '40.000000',
      returned_at: '2026-11-24T08:09:00.040000Z',
      status: 'confirmed',
    });
  });

  it('has the fields of the contract', () => {
    const change = { at: AT, broadcastAt: '2026-11-20T08:08:00.000Z' };

    expect(notifiedBy(sample('withdrawal.completed.v1', change))?.data).toEqual({
      withdrawal_id: 1001,
      client_reference: 'order-1007',
      currency: 'USDT',
      network: 'ETH',
      amount: '100',
      fee: '1.5',
      to_address: '0x52908400098527886E0F7030069857D2E4169EE7',
      tx_hash: '0x5e2f0f4c8f9f3c1d2b7a6e5d4c3b2a19080706050403020100ffeeddccbbaa99',
      broadcast_at: '2026-11-20T08:08:00Z',
      confirmed_at: '2026-11-20T08:09:00.040000Z',
      confirmations: null,
      block_number: null,
      status: 'confirmed',
      sequence: 3,
    });
    const withDecimals = sample('withdrawal.completed.v1', { decimals: 6 });
    expect(notifiedBy(withDecimals)?.data).toMatchObject({ amount: '100.000000', fee: '1.500000' });
    const inBlock = { ...change, blockNumber: '21034567', confirmations: 12 };
    expect(notifiedBy(sample('withdrawal.completed.v1', inBlock))?.data).toMatchObject({
      confirmations: 12,
      block_number: 21034567,
    });
    expect(
      notifiedBy(sample('withdrawal.failed.v1', { reason: 'venue_rejected' }))?.data,
    ).toMatchObject({
      tx_hash: null,
      reason: 'venue_rejected',
      error_message: expect.any(String) as string,
    });
  });
});

describe('the end of a payment without an approval', () => {
  it.each([
    ['approval_refused', 'The payment was not approved'],
    ['approval_expired', 'The payment was not approved in time'],
    ['policy_denied', 'The spending policy of this account does not allow this withdrawal'],
  ])('is a failure with the reason %s', (reason, errorMessage) => {
    const failed = sample('withdrawal.failed.v1', { reason, errorMessage });

    expect(notifiedBy(failed)).toMatchObject({
      event: 'withdrawal.failed',
      data: { status: 'failed', reason, error_message: errorMessage },
    });
  });
});

describe('the published document', () => {
  const document = JSON.parse(
    readFileSync(
      new URL('../../../intake-api/src/reference/openapi.json', import.meta.url),
      'utf8',
    ),
  ) as {
    webhooks: object;
    components: { schemas: Record<string, { properties: object; required: readonly string[] }> };
  };

  it.each([
    ['withdrawal.broadcast.v1', 'WithdrawalEventDataDto'],
    ['withdrawal.completed.v1', 'ConfirmedEventDataDto'],
    ['withdrawal.failed.v1', 'FailedEventDataDto'],
    ['withdrawal.cancelled.v1', 'CancelledEventDataDto'],
    ['withdrawal.awaiting_approval.v1', 'WithdrawalEventDataDto'],
  ])('has every field of %s, and no other', (type, name) => {
    const notified = notifiedBy(sample(type));
    const fields = Object.keys(notified?.data ?? {}).sort();

    expect(document.webhooks).toHaveProperty([notified?.event ?? '']);
    expect(Object.keys(document.components.schemas[name]?.properties ?? {}).sort()).toEqual(fields);
    expect([...(document.components.schemas[name]?.required ?? [])].sort()).toEqual(fields);
  });
});

describe('the body', () => {
  it('is the envelope of the contract, once its number stands before it', () => {
    const rest = bodyAfterId({ event: 'webhook.test', data: { a: '1' } }, new Date(AT));

    expect(`{"id":42${rest}`).toBe(
      '{"id":42,"event":"webhook.test","created_at":"2026-11-20T08:09:00.040000Z","api_version":"1","data":{"a":"1"}}',
    );
  });

  it.each([
    ['2026-05-16T22:00:00.000Z', '2026-05-16T22:00:00Z'],
    ['2026-05-16T22:00:00.481Z', '2026-05-16T22:00:00.481000Z'],
  ])('writes %s as %s', (at, text) => expect(webhookTime(new Date(at))).toBe(text));
});
