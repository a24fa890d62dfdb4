import { Buffer } from 'node:buffer';
import { challengeOf, passkeyCallText, passkeyHeader } from './passkey-call.js';
import { toBase64url } from './bytes.js';

const APPROVE = {
  service: 'ledger',
  method: 'POST',
  path: '/internal/approvals/7?x=%C3%A4',
  body: '{"digest":"ab"}',
};
const AT = '2026-11-30T14:00:00.000Z';

describe('the text that a passkey proves', () => {
  it('has one line per fact, with the digest of exactly the bytes that are sent', async () =>
    expect(await passkeyCallText(APPROVE, AT)).toBe(
      [
        'sluice-call.v1',
        'ledger',
        'POST',
        '/internal/approvals/7?x=%C3%A4',
        '1dc202d3d54d1faab9f40a7d19515491e4d78ff3308c4ff026b8281a9fe6ee42',
        AT,
      ].join('\n'),
    ));

  it('has the digest of no bytes for a call without a body', async () =>
    expect(await passkeyCallText({ ...APPROVE, body: null }, AT)).toContain(
      '\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n',
    ));

  it('has its own challenge for each body, path and time', async () => {
    const challenges = await Promise.all(
      [
        passkeyCallText(APPROVE, AT),
        passkeyCallText({ ...APPROVE, body: '{"digest": "ab"}' }, AT),
        passkeyCallText({ ...APPROVE, path: '/internal/approvals/8' }, AT),
        passkeyCallText(APPROVE, '2026-11-30T14:00:00.001Z'),
      ].map(async (text) => toBase64url(await challengeOf(await text))),
    );

    expect(new Set(challenges).size).toBe(4);
  });
});

describe('the header with the proof', () => {
  it('is base64url of its JSON', () => {
    const proof = { at: AT, assertion: { id: 'ä' }, voucher: 'v~m' };

    expect(JSON.parse(Buffer.from(passkeyHeader(proof), 'base64url').toString())).toEqual(proof);
  });
});
