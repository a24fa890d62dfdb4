import { generateKeyPairSync } from 'node:crypto';
import { orderDigest, recipientDigest, SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { signIntakeEd25519, signProof } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { judgeWith } from './request-behind.js';

const [WITHDRAWAL, ACCOUNT] = [
  '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11',
];
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const THIEF = '0x1111111111111111111111111111111111111111';

const judge = judgeWith(testMessageKeys('auditor').with('intake-api'));
const intake = testMessageKeys('intake-api');

/** A hold of 11 for 10 to the address, and a fee of 1. */
function holdFor(address = ADDRESS) {
  const terms = { withdrawalId: WITHDRAWAL, accountId: ACCOUNT, asset: 'USDT.ETH' };
  const recipient = recipientDigest({ type: 'address', address: address.toLowerCase() });
  const digest = orderDigest({ ...terms, amount: '10', fee: '1', recipientDigest: recipient });
  return { ...terms, amount: '11', digest };
}

function aSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const sign = (change: object = {}): SignedRequest => {
    const asked = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '10.0' };
    const [timestamp, body] = ['1795248060', JSON.stringify({ ...asked, ...change })];
    const signature = signIntakeEd25519(privateKey, { ...SIGNED_ROUTE, timestamp, body });
    return { keyId: 'ck_1', timestamp, body, signature };
  };
  return { sign, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

describe('the request behind a hold', () => {
  it('is proven by intake-api for exactly this order', () => {
    const hold = holdFor();
    const requestProof = signProof(intake.with('auditor'), {
      says: 'requested',
      digest: hold.digest,
    });

    expect(judge({ ...hold, requestProof }).by).toBe('proof');
    expect(judge({ ...holdFor(THIEF), requestProof }).by).toBeNull();
    expect(judge(hold).by).toBeNull();
  });

  it('is not proven by the seal, the receipts or any key but the shared one', () => {
    const hold = holdFor();
    const macs = [
      intake.with('intake-api').sign('requested order', [hold.digest]),
      intake.with('intake-api').sign('requested', [hold.digest]),
      intake.with('auditor').sign('requested order', [hold.digest]),
      intake.with('ledger').sign('requested', [hold.digest]),
    ];

    expect(macs.map((requestProof) => judge({ ...hold, requestProof }).by)).toEqual(
      macs.map(() => null),
    );
  });

  it('is signed by the customer for exactly this order', () => {
    const { sign, publicKey } = aSigner();
    const signers = [aSigner().publicKey, publicKey];

    expect(judge({ ...holdFor(), signedRequest: sign(), signers })).toEqual({
      by: 'signature',
      publicKey,
    });
  });

  it.each<[string, object, string]>([
    ['another recipient', {}, THIEF],
    ['another amount', { amount: '11' }, ADDRESS],
    ['another asset', { currency: 'USDC' }, ADDRESS],
    ['no request', { amount: 'ten' }, ADDRESS],
  ])('is not signed by a signature of %s', (_what, change, address) => {
    const { sign, publicKey } = aSigner();
    const hold = { ...holdFor(address), signedRequest: sign(change), signers: [publicKey] };

    expect(judge(hold).by).toBeNull();
  });

  it('is not signed by a key that is no signer of the account', () => {
    const signedRequest = aSigner().sign();

    expect(judge({ ...holdFor(), signedRequest, signers: [aSigner().publicKey] }).by).toBeNull();
    expect(judge({ ...holdFor(), signedRequest }).by).toBeNull();
  });
});
