import { createHash } from 'node:crypto';
import { challengeOfCall, passkeyCallText } from './passkey-call.js';

const CALL = {
  service: 'ledger',
  method: 'POST',
  target: '/internal/approvals/7?x=1',
  body: Buffer.from('{"digest":"ab"}'),
  at: '2026-11-30T12:00:00.000Z',
};

describe('the challenge of a call', () => {
  it('is the digest of six lines', () => {
    const body = createHash('sha256').update('{"digest":"ab"}').digest('hex');
    const text = `sluice-call.v1\nledger\nPOST\n/internal/approvals/7?x=1\n${body}\n2026-11-30T12:00:00.000Z`;

    expect(passkeyCallText(CALL)).toBe(text);
    expect(challengeOfCall(text)).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it('has the digest of no bytes for a call without a body', () => {
    expect(passkeyCallText({ ...CALL, body: new Uint8Array() })).toContain(
      '\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n',
    );
  });

  it.each<[string, Partial<typeof CALL>]>([
    ['service', { service: 'webhooks' }],
    ['method', { method: 'PUT' }],
    ['id', { target: '/internal/approvals/8?x=1' }],
    ['query', { target: '/internal/approvals/7?x=2' }],
    ['spelling of the path', { target: '/internal/approvals/%37?x=1' }],
    ['body with the same meaning', { body: Buffer.from('{"digest": "ab"}') }],
    ['time', { at: '2026-11-30T12:00:00.001Z' }],
    ['spelling of the time', { at: '2026-11-30T12:00:00Z' }],
  ])('differs for another %s', (_what, change) => {
    const other = passkeyCallText({ ...CALL, ...change });

    expect(challengeOfCall(other)).not.toBe(challengeOfCall(passkeyCallText(CALL)));
  });
});
