import { ALL_TOPICS, withdrawalEvents, type WireMessage } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import { authenticatorOf, signerOf } from './message-authentication.js';

const KEYS = testMessageKeys('intake-api');
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
    const faultOf = authenticatorOf(KEYS, ({ value }) => `forged ${value}`);

    expect(faultOf(withdrawalEvents, messageOf(withdrawalEvents.name))).toBe('forged {}');
    expect(heads && faultOf(heads, messageOf(heads.name))).toBeNull();
  });
});
