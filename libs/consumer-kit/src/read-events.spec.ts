import { readKafkaEvent, readWebhookEvent, UnreadableEvent } from './read-events.js';

const STATE = {
  number: '1001',
  sequence: 6,
  clientReference: 'order-1007',
  currency: 'USDT',
  network: 'ETH',
  amount: '100',
  fee: '1.5',
  status: 'confirmed',
  txHash: '0x5e',
  at: '2026-11-20T08:09:00.040Z',
};
const TRUST = { unverified: 'writers to Kafka can forge payments' } as const;
const HEADERS = { ce_id: Buffer.from('step-6'), ce_type: 'withdrawal.completed.v1' };
const record = (change: object = {}, headers: object = {}) => ({
  headers: { ...HEADERS, ...headers },
  value: Buffer.from(JSON.stringify({ ...STATE, ...change })),
});

const DATA = {
  withdrawal_id: 1001,
  client_reference: 'order-1007',
  currency: 'USDT',
  network: 'ETH',
  amount: '100',
  fee: '1.5',
  tx_hash: '0x5e',
  sequence: 6,
};
const body = (change: object = {}, data: object = {}) =>
  JSON.stringify({
    id: 42,
    event: 'withdrawal.confirmed',
    api_version: '1',
    created_at: '2026-11-20T08:09:01Z',
    data: { ...DATA, ...data },
    ...change,
  });

describe('one event, received from Kafka and from a webhook', () => {
  it('is the same but for its id, its name and its time', () => {
    const common = {
      withdrawalId: '1001',
      subject: '1001',
      sequence: 6,
      status: 'confirmed',
      clientReference: 'order-1007',
      currency: 'USDT',
      network: 'ETH',
      amount: '100',
      fee: '1.5',
      txHash: '0x5e',
      reason: null,
    };

    expect(readKafkaEvent(record(), TRUST)).toMatchObject({
      ...common,
      via: 'kafka',
      id: 'step-6',
      type: 'withdrawal.completed.v1',
      isGapless: true,
      at: STATE.at,
    });
    expect(readWebhookEvent(Buffer.from(body()))).toMatchObject({
      ...common,
      via: 'webhook',
      id: 'webhook 42',
      type: 'withdrawal.confirmed',
      isGapless: false,
      at: '2026-11-20T08:09:01Z',
    });
  });

  it.each(['withdrawal.awaiting_approval', 'withdrawal.approved'])(
    'of %s has the status pending',
    (event) =>
      expect(readWebhookEvent(body({ event }))).toMatchObject({ type: event, status: 'pending' }),
  );

  it('keeps all that was sent, also what a later version has added', () => {
    expect(readKafkaEvent(record({ added: [1] }), TRUST).data).toEqual({ ...STATE, added: [1] });
    expect(readWebhookEvent(body({}, { added: [1] }))?.data).toEqual({ ...DATA, added: [1] });
  });
});

describe('what is not read', () => {
  it.each<[string, () => unknown, string]>([
    [
      'no id',
      () => readKafkaEvent(record({}, { ce_id: undefined }), TRUST),
      'header ce_id is missing',
    ],
    ['an empty type', () => readKafkaEvent(record({}, { ce_type: '' }), TRUST), 'header ce_type'],
    ['no value', () => readKafkaEvent({ headers: HEADERS, value: null }, TRUST), 'has no value'],
    [
      'no JSON',
      () => readKafkaEvent({ headers: HEADERS, value: '{' }, TRUST),
      'the value is not JSON',
    ],
    ['a list', () => readKafkaEvent({ headers: HEADERS, value: '[]' }, TRUST), 'not a JSON object'],
    [
      'a number for an amount',
      () => readKafkaEvent(record({ amount: 100 }), TRUST),
      'amount is not a',
    ],
    [
      'half a step',
      () => readKafkaEvent(record({ sequence: 1.5 }), TRUST),
      'sequence is not a whole',
    ],
    ['no name', () => readWebhookEvent(body({ event: undefined })), 'event is not a text'],
    ['no data', () => readWebhookEvent(body({ data: null })), 'data is not a JSON object'],
    ['no delivery id', () => readWebhookEvent(body({ id: 'x' })), 'id is not a whole number'],
  ])('%s is reported with the name of the field', (_what, read, sentence) => {
    expect(read).toThrow(UnreadableEvent);
    expect(read).toThrow(sentence);
  });

  it.each(['webhook.test', 'webhook.paused', 'deposit.confirmed'])(
    '%s, which is about no withdrawal, is nothing to act on',
    (event) => expect(readWebhookEvent(body({ event, data: {} }))).toBeNull(),
  );

  it('of a header that is there twice, the first counts', () => {
    expect(readKafkaEvent(record({}, { ce_id: ['one', 'two'] }), TRUST).id).toBe('one');
  });
});
