import { generateKeyPairSync } from 'node:crypto';
import { signUpvest } from '@sluice/signing';
import { judgeWebhook } from './upvest-webhook.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const SIGNING = { keyId: 'k', created: 1, expires: 2, nonce: 'n' };

function delivered(body: string) {
  const message = {
    method: 'POST',
    path: '/webhooks/upvest',
    query: '',
    headers: { 'content-type': 'application/json' },
    body,
  };
  return {
    ...message,
    headers: { ...message.headers, ...signUpvest('v6', privateKey, message, SIGNING) },
  };
}

const event = (type: string, id: string) => ({
  id: 'e1',
  created_at: '2026-11-20T08:00:00Z',
  type,
  object: { id, status: 'CONFIRMED' },
  webhook_id: 'w',
});

describe('a webhook', () => {
  it('names the withdrawals to look up, each once, whatever it says of them', () => {
    const payload = [
      event('WITHDRAWAL.CONFIRMED', 'A1'),
      event('WITHDRAWAL.NEW', 'a1'),
      event('ORDER.FILLED', 'b'),
      { type: 'WITHDRAWAL.NEW' },
    ];

    expect(judgeWebhook(publicKey, delivered(JSON.stringify({ payload })))).toEqual({
      kind: 'hint',
      venueReferences: ['a1'],
    });
  });

  it('counts for nothing without a signature over its very bytes', () => {
    const good = delivered(JSON.stringify({ payload: [] }));
    const other = generateKeyPairSync('ed25519').publicKey;

    expect(judgeWebhook(publicKey, good).kind).toBe('hint');
    expect(judgeWebhook(publicKey, { ...good, body: `${good.body} ` }).kind).toBe('not_signed');
    expect(judgeWebhook(publicKey, { ...good, headers: {} }).kind).toBe('not_signed');
    expect(judgeWebhook(other, good).kind).toBe('not_signed');
    expect(judgeWebhook(publicKey, delivered('')).kind).toBe('not_signed');
  });

  it.each(['[]', '{}', '{"payload":{}}', 'x'])(
    'that is signed and says %s is unreadable',
    (body) => {
      expect(judgeWebhook(publicKey, delivered(body)).kind).toBe('unreadable');
    },
  );
});
