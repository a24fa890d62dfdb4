import { register } from 'prom-client';
import {
  ALL_TOPICS,
  encode,
  ledgerChainHeads,
  ledgerEvents,
  venueEvents,
  type WireMessage,
  withdrawalEvents,
} from '@sluice/messages';
import { MessageKeys } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { addressedTo, authenticatorOf, OrderCheck, signerOf } from './message-authentication.js';

const KEYS = testMessageKeys('intake-api');
const TIME = '2026-11-26T10:00:00.000Z';
const messageOf = (topic: string, consumer?: string): WireMessage => ({
  topic,
  key: 'k',
  orderingKey: 'k',
  ...(consumer !== undefined && { consumer }),
  headers: { ce_id: '1' },
  value: '{}',
});
const marked = (messages: readonly WireMessage[]) =>
  messages.map((message, at) => ({ ...message, headers: { signature: `${at}` } }));
const key = (seed: number) => [
  {
    id: '1',
    key: Buffer.from(Array.from({ length: 32 }, (_, at) => at + seed)).toString('base64'),
  },
];
const [OF_INTAKE, OF_AUDITOR] = [key(1), key(2)];
const LEDGER = new MessageKeys({ 'intake-api': OF_INTAKE, auditor: OF_AUDITOR });
const LEDGER_OF_BEFORE = new MessageKeys({ 'intake-api': OF_INTAKE });
const INTAKE = new MessageKeys({ ledger: OF_INTAKE });
const AUDITOR = new MessageKeys({ ledger: OF_AUDITOR });
const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const MESSAGE = encode(ledgerEvents, {
  id: '1',
  source: 'ledger',
  subject: ACCOUNT,
  time: '2026-11-20T08:00:00.000Z',
  type: 'ledger.account-opened.v1',
  data: { accountId: ACCOUNT, name: 'Demo' },
});
const signedBy = (keys: MessageKeys): WireMessage => signerOf(keys)([MESSAGE])[0] ?? MESSAGE;

describe('the signatures of a transaction', () => {
  const sent = [
    messageOf(withdrawalEvents.name),
    messageOf('ledger.commands', 'ledger'),
    messageOf('ledger.chain-heads'),
    messageOf(withdrawalEvents.name),
  ];

  it('are made for all events together; each other message keeps its own', () => {
    const signed = signerOf(KEYS, marked)(sent);

    expect(signed.map(({ topic }) => topic)).toEqual(sent.map(({ topic }) => topic));
    expect(signed.map(({ headers }) => headers)).toEqual([
      { signature: '0' },
      { ce_id: '1', 'sluice-mac': expect.any(String) as string },
      { ce_id: '1' },
      { signature: '1' },
    ]);
  });

  it('are left out by a service without a key of events', () => {
    expect(signerOf(KEYS)(sent)[0]).toEqual(sent[0]);
  });
});

describe('the origin of a message', () => {
  const heads = ALL_TOPICS.find(({ name }) => name === 'ledger.chain-heads');

  it('is proven by the signature of events, and by nothing on other public topics', () => {
    const faultOf = authenticatorOf('ledger', KEYS, ({ value }) => `forged ${value}`);

    expect(faultOf(withdrawalEvents, messageOf(withdrawalEvents.name))).toBe('forged {}');
    expect(heads && faultOf(heads, messageOf(heads.name))).toBeNull();
  });
});

describe('messages of a followed topic', () => {
  const signed = signedBy(LEDGER);

  it('prove themselves to the consumer and to the follower, each under its own key', () => {
    expect(authenticatorOf('intake-api', INTAKE, () => null)(ledgerEvents, signed)).toBeNull();
    expect(authenticatorOf('auditor', AUDITOR, () => null)(ledgerEvents, signed)).toBeNull();
    expect(
      authenticatorOf('auditor', AUDITOR, () => null)(ledgerEvents, { ...signed, value: '{}' }),
    ).toContain('is wrong');
  });

  it('are published by a service without a key of the follower, which leaves them out', () => {
    const before = signedBy(LEDGER_OF_BEFORE);

    expect(authenticatorOf('intake-api', INTAKE, () => null)(ledgerEvents, before)).toBeNull();
    expect(addressedTo('auditor')(ledgerEvents, before)).toBe(false);
    expect(addressedTo('auditor')(ledgerEvents, signed)).toBe(true);
    expect(addressedTo('intake-api')(ledgerEvents, before)).toBe(true);
  });

  it('carry a proof for the follower only if the follower needs their type', () => {
    const events = venueEvents('gateio');
    const withdrawalId = '01934f6e-8a00-7014-85b4-1d2c3b4cc414';
    const common = { withdrawalId, venue: 'gateio' };
    const about = { id: '1', source: 'connector-gateio', subject: withdrawalId, time: TIME };
    const paid = encode(events, {
      ...about,
      type: 'venue.paid.v1',
      data: { ...common, withdrawalIds: [] },
    });
    const missing = encode(events, {
      ...about,
      type: 'venue.submission-missing.v1',
      data: common,
    });

    expect(paid.followers).toEqual(['auditor']);
    expect(missing.followers).toBeUndefined();
    expect(addressedTo('auditor')(events, missing)).toBe(false);
  });

  it('of a public topic carry no proof and are read', () =>
    expect(addressedTo('auditor')(ledgerChainHeads, MESSAGE)).toBe(true));
});

describe('sluice_messages_not_authentic_total', () => {
  it('begins at 0 for each topic that the service reads, and for no other topic', async () => {
    const name = 'sluice_messages_not_authentic_total';
    const zeros = async () =>
      (await register.getSingleMetricAsString(name)).match(/topic="[^"]+"\} 0/g) ?? [];
    register.getSingleMetric(name)?.reset();
    authenticatorOf('ledger', LEDGER, () => null);

    expect(await zeros()).toEqual(['topic="ledger.commands"} 0']);
  });
});

const counted = async () =>
  (await register.getSingleMetric('sluice_order_mismatches_total')?.get())?.values.find(
    ({ labels }) => labels['noticed_by'] === 'ledger',
  );

describe('sluice_order_mismatches_total', () => {
  it('begins at 0 for each place of detection, so that the first mismatch is an increase', async () => {
    const text = await register.getSingleMetricAsString('sluice_order_mismatches_total');
    for (const detector of ['intake-api', 'ledger', 'connector'])
      expect(text).toContain(`{noticed_by="${detector}"} 0`);
  });
});

describe('OrderCheck', () => {
  const check = new OrderCheck<{ id: string; wrong?: boolean }>('ledger', ({ wrong }) =>
    wrong ? 'its digest differs' : null,
  );

  it('lets a batch pass of which every order is as it was given', () => {
    expect(() => check.require([{ id: '1' }, { id: '2' }])).not.toThrow();
  });

  it('fails a batch with one that is not, and counts it once when it is alone, however often it is tried', async () => {
    const bad = { id: '3', wrong: true };
    for (const batch of [[{ id: '1' }, bad], [bad], [bad]])
      expect(() => check.require(batch)).toThrow('its digest differs');

    expect((await counted())?.value).toBe(1);
  });
});
