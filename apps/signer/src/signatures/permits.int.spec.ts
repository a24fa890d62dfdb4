import { PermitSigningKey } from '@sluice/signing';
import { givenSigner, migrated, type SignerUnderTest } from '../testkit/given-signer.js';
import { ACCOUNT, aPayment, aTopUp, aVoid } from '../testkit/wallets.js';

const KEY = PermitSigningKey.parse(Buffer.alloc(32, 1).toString('base64'));
const STRANGER = PermitSigningKey.parse(Buffer.alloc(32, 2).toString('base64'));
const NOT_PERMITTED = {
  status: 409,
  message: expect.stringContaining('The auditor does not permit this payment now'),
};

interface Change {
  readonly venue?: string;
  readonly number?: number;
  readonly granted?: boolean;
  readonly assets?: readonly string[];
  readonly accounts?: readonly string[];
  /** Age when the signer receives the permit. */
  readonly ageMs?: number;
  readonly by?: PermitSigningKey;
}

function permit(change: Change = {}): string {
  const { venue = 'wallet', number = 1, granted = true, assets = [], accounts = [] } = change;
  const issuedAt = new Date(Date.now() - (change.ageMs ?? 0));
  const expiresAt = new Date(issuedAt.getTime() + 120_000);
  const statement = { venue, number, issuedAt, expiresAt, granted };
  return (change.by ?? KEY).sign({ ...statement, withheld: { assets, accounts } });
}

describe('a signer that needs permits of the auditor', () => {
  let signer: SignerUnderTest;
  beforeEach(async () => {
    signer = await givenSigner(await migrated(), {
      AUDITOR_PERMITS: 'required',
      AUDITOR_PUBLIC_KEYS: KEY.publicKey,
    });
  });
  afterEach(() => signer.close());

  it('signs a payment with a permit, and voids and gas without', async () => {
    await signer.signed(aPayment({ permit: permit() }));
    await signer.signed(aVoid({ nonce: '8' }));
    await signer.signed(aTopUp());
  });

  it.each<[string, Change | null]>([
    ['no permit', null],
    ['an ended permit', { ageMs: 120_001 }],
    ['a withdrawn permit', { granted: false }],
    ['a permit of another venue', { venue: 'gateio' }],
    ['a permit of a stranger', { by: STRANGER }],
    ['a permit that withholds the asset', { assets: ['USDT.ETH'] }],
    ['a permit that withholds the account', { accounts: [ACCOUNT] }],
  ])('signs no payment with %s, and signs later', async (_what, change) => {
    const payment = aPayment(change === null ? {} : { permit: permit(change) });
    expect(await signer.ask(payment)).toMatchObject(NOT_PERMITTED);
    expect(await signer.database.query('SELECT FROM signed_nonce')).toEqual([]);

    await signer.signed({ ...payment, permit: permit({ number: 2 }) });
  });

  it('takes the permit of a batch for its payments, and a withdrawn permit refuses only payments', async () => {
    const requests = [aPayment(), aVoid({ nonce: '8' }), aPayment({ nonce: '9' })];
    const statuses = async (of?: string) =>
      (await signer.askAll(requests, of)).data.map(({ status_code }) => status_code);

    expect(await statuses()).toEqual([409, 200, 409]);
    expect(await statuses(permit({ by: STRANGER }))).toEqual([409, 200, 409]);
    expect(await statuses(permit())).toEqual([200, 200, 200]);
    expect(await statuses(permit({ number: 2, granted: false }))).toEqual([409, 200, 409]);
  });

  it('remembers the newest permit: connector-evm cannot bring an older permit back', async () => {
    const older = permit();
    await signer.signed(aPayment({ permit: older }));
    const withdrawn = permit({ number: 2, granted: false });
    expect(await signer.ask(aPayment({ nonce: '8', permit: withdrawn }))).toMatchObject(
      NOT_PERMITTED,
    );

    const again = aPayment({ nonce: '8', permit: older });
    expect(await signer.ask(again)).toMatchObject(NOT_PERMITTED);
  });
});
