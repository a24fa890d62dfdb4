import { ledgerChainHeads, ledgerEvents, encode } from '@sluice/messages';
import { MessageKeys } from '@sluice/signing';
import { addressedTo, authenticatorOf, signerOf } from './message-authentication.js';

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

describe('messages of a followed topic', () => {
  const signed = signerOf(LEDGER)(MESSAGE);

  it('prove themselves to the consumer and to the follower, each under its own key', () => {
    expect(authenticatorOf('intake-api', INTAKE)(ledgerEvents, signed)).toBeNull();
    expect(authenticatorOf('auditor', AUDITOR)(ledgerEvents, signed)).toBeNull();
    expect(authenticatorOf('auditor', AUDITOR)(ledgerEvents, { ...signed, value: '{}' })).toContain(
      'is wrong',
    );
  });

  it('are published by a service without a key of the follower, which leaves them out', () => {
    const before = signerOf(LEDGER_OF_BEFORE)(MESSAGE);

    expect(authenticatorOf('intake-api', INTAKE)(ledgerEvents, before)).toBeNull();
    expect(addressedTo('auditor')(ledgerEvents, before)).toBe(false);
    expect(addressedTo('auditor')(ledgerEvents, signed)).toBe(true);
    expect(addressedTo('intake-api')(ledgerEvents, before)).toBe(true);
  });

  it('of a public topic carry no proof and are read', () =>
    expect(addressedTo('auditor')(ledgerChainHeads, MESSAGE)).toBe(true));
});
