import { readVoucher } from '@sluice/signing';
import { softwarePasskey, testMessageKeys, type SoftwarePasskey } from '@sluice/test-kit';
import { bigOrder, DESTINATION, PolicyLedger } from '../testkit/policy-ledger.js';

const CONSOLE = { client: 'sluice-console' };
const REQUIRED = { status: 403, body: { data: { code: 'passkey_required' } } };
describe('the passkeys of people', () => {
  let given: PolicyLedger;
  PolicyLedger.forEachTest((one) => void (given = one));
  beforeEach(() => given.restart({ passkeyWaitsHours: 0 }));

  const get = async (path: string, person: string, more: object = CONSOLE) =>
    (await given.askWith(more, 'GET', path, undefined, person)).body.data;
  const registration = async (person: string, passkey = softwarePasskey()) => {
    const { options } = await get('passkeys/options', person);
    return { registration: passkey.register(options.challenge) };
  };
  /** Registered and approved with the operator command. */
  const registered = async (person: string, by = 'peter'): Promise<SoftwarePasskey> => {
    const passkey = softwarePasskey();
    const body = await registration(person, passkey);
    const asked = await given.askWith({}, 'POST', 'passkeys', body, person);
    expect(asked).toMatchObject({ status: 200 });
    const path = `approvals/${asked.body.data.approval_id}`;
    expect(await given.askWith({}, 'POST', path, undefined, by)).toMatchObject({ status: 200 });
    return passkey;
  };
  const vouchersOf = (person: string, service = 'webhooks') =>
    get(`passkeys/vouchers/${service}`, person);
  const revoke = (passkey: SoftwarePasskey) =>
    given.ask('POST', 'passkeys/revoke', { credential_id: passkey.credentialId });

  it('are vouched for to one service, each with its key', async () => {
    const ada = await registered('ada');
    await registered('ben');

    const { rp_id: rpId, vouchers } = await vouchersOf('ada');

    expect([rpId, vouchers]).toEqual([
      'localhost',
      [{ credential_id: ada.credentialId, voucher: expect.any(String) }],
    ]);
    expect(readVoucher(testMessageKeys('webhooks').with('ledger'), vouchers[0].voucher)).toEqual({
      service: 'webhooks',
      person: 'ada',
      credentialId: ada.credentialId,
      publicKey: ada.publicKey,
      rpId: 'localhost',
      origins: ['http://localhost:7420'],
      issuedAt: expect.any(String),
    });
    expect(readVoucher(testMessageKeys('signer').with('ledger'), vouchers[0].voucher)).toBeNull();
    expect((await vouchersOf('ada', 'ledger')).vouchers).toEqual([
      { credential_id: ada.credentialId, voucher: '' },
    ]);
  });

  it('are not vouched for while they wait, after their revocation, or with a forged row', async () => {
    const ada = await registered('ada');
    await revoke(ada);
    expect((await vouchersOf('ada')).vouchers).toEqual([]);

    await registered('ada');
    await given.ledger.database.query(
      `UPDATE passkey SET usable_at = usable_at + interval '1 millisecond'`,
    );
    expect((await vouchersOf('ada')).vouchers).toEqual([]);

    await given.restart({ passkeyWaitsHours: 1 });
    await registered('ada');
    expect((await vouchersOf('ada')).vouchers).toEqual([]);
  });

  it('are not vouched for to a service without a key', async () => {
    expect(
      await given.askWith(CONSOLE, 'GET', 'passkeys/vouchers/nothing', undefined, 'ada'),
    ).toMatchObject({ status: 404 });
  });

  describe('are not registered', () => {
    it('by two stolen tokens: the second token has no passkey of its person', async () => {
      const asked = await given.askWith(
        CONSOLE,
        'POST',
        'passkeys',
        await registration('ada'),
        'ada',
      );
      const [{ id, digest }] = await get('approvals', 'ada');
      expect(asked.body.data.approval_id).toBe(id);

      for (const person of ['peter', 'ben']) {
        const approve = (more: object) =>
          given.askWith({ ...CONSOLE, ...more }, 'POST', `approvals/${id}`, { digest }, person);
        expect(await approve({})).toMatchObject(REQUIRED);
        expect(await approve({ passkey: softwarePasskey() })).toMatchObject({ status: 403 });
      }
      expect(await get('passkeys', 'ada')).toEqual([]);
    });

    it('with the options of another person', async () => {
      const body = await registration('ada');

      expect(await given.askWith(CONSOLE, 'POST', 'passkeys', body, 'ben')).toMatchObject({
        status: 422,
      });
    });

    it('by the same registration again, after its request has ended', async () => {
      const body = await registration('ada');
      const ask = () => given.askWith(CONSOLE, 'POST', 'passkeys', body, 'ada');
      expect(await ask()).toMatchObject({ status: 200 });
      await given.ledger.database.query(
        `UPDATE approval SET voided_by = 'x', voided_at = clock_timestamp()`,
      );

      expect(await ask()).toMatchObject(REQUIRED);
    });

    it('with the approval of the same authenticator', async () => {
      const ben = await registered('ben');
      const body = await registration('ada', ben);

      expect(await given.askWith(CONSOLE, 'POST', 'passkeys', body, 'ada')).toMatchObject({
        status: 409,
      });
    });
  });

  it('register and approve a further passkey, and count no more after the revocation', async () => {
    const [ada, ben] = [await registered('ada'), await registered('ben')];
    const asked = async () => {
      const body = await registration('ada');
      expect(await given.askWith(CONSOLE, 'POST', 'passkeys', body, 'ada')).toMatchObject(REQUIRED);
      await given.askWith({ ...CONSOLE, passkey: ada }, 'POST', 'passkeys', body, 'ada');
      const [{ id, digest }] = await get('approvals', 'ada');
      return [`approvals/${id}`, { digest }] as const;
    };
    const approve = async () =>
      given.askWith({ ...CONSOLE, passkey: ben }, 'POST', ...(await asked()), 'ben');

    expect(await approve()).toMatchObject({ status: 200 });
    expect((await get('approvals', 'ada'))[0]).toMatchObject({
      approved_by: 'ben',
      approved_with: ben.credentialId,
    });
    await revoke(ben);
    expect(await approve()).toMatchObject({
      status: 403,
      body: { message: 'The passkey is revoked' },
    });
  });

  it('approve no first passkey of a person: its approval has no other proof of the person', async () => {
    const ben = await registered('ben');
    await given.askWith(CONSOLE, 'POST', 'passkeys', await registration('ada'), 'ada');
    const [{ id, digest }] = await get('approvals', 'ada');
    const approve = (more: object) =>
      given.askWith(more, 'POST', `approvals/${id}`, { digest }, 'ben');

    expect(await approve({ ...CONSOLE, passkey: ben })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('with the operator command') },
    });
    expect(await approve({})).toMatchObject({ status: 200 });
  });

  it('that are not registered are refused, and each refusal is in the audit log of the person', async () => {
    const stranger = { ...CONSOLE, passkey: softwarePasskey() };
    const vote = () =>
      given.askWith(
        stranger,
        'POST',
        'payment-approvals/0193a1b2-0000-7000-8000-00000000000a/votes',
        {
          decision: 'approve',
          digest: 'a'.repeat(64),
        },
        'ben',
      );

    expect((await vote()).status).toBe(403);
    expect((await vote()).status).toBe(403);

    const entries = await get('audit?by=ben', 'ada');
    expect(entries.map(({ status }: { status: number }) => status)).toEqual([403, 403]);
  });

  describe('are needed through the console', () => {
    const entry = (label = 'cold') => ({ network: 'ETH', destination: DESTINATION, label });

    it('to vote for a payment, also in a group without passkeys', async () => {
      await given.publish({
        groups: { treasury: { people: ['ada', 'ben'], passkey: false } },
        rules: [
          {
            kind: 'approval',
            name: 'big',
            assets: ['USDT.ETH'],
            above: '1000',
            unit: 'asset',
            groups: [{ group: 'treasury', need: 2 }],
            decide_within_hours: 24,
          },
        ],
      });
      const order = bigOrder(given.accountId);
      const id = order.data.withdrawalId;
      await given.ledger.run(order);
      const { digest } = await get(`payment-approvals/${id}`, 'ada');
      const [ada, ben] = [await registered('ada'), await registered('ben')];
      const vote = (person: string, more: object = {}) =>
        given.askWith(
          { ...CONSOLE, ...more },
          'POST',
          `payment-approvals/${id}/votes`,
          { decision: 'approve', digest },
          person,
        );

      expect(await vote('ada')).toMatchObject(REQUIRED);
      expect(await vote('ada', { passkey: ben })).toMatchObject({ status: 403 });
      expect(await vote('ada', { passkey: ada })).toMatchObject({ status: 200 });
      expect(await vote('ben')).toMatchObject(REQUIRED);
      expect((await vote('ben', { passkey: ben })).body.data).toMatchObject({
        state: 'granted',
        votes: [
          { person: 'ada', with_passkey: true },
          { person: 'ben', with_passkey: true },
        ],
      });
    });

    it('to add an entry to an address book of two parties, and to confirm it', async () => {
      const [ada, ben] = [await registered('ada'), await registered('ben')];
      const book = `accounts/${given.accountId}`;
      await given.ask('POST', `${book}/address-book`, {
        only_book: true,
        confirmation: 'person',
        waits_hours: 24,
      });
      const add = (more: object) =>
        given.askWith({ ...CONSOLE, ...more }, 'POST', `${book}/addresses`, entry(), 'ada');

      expect(await add({})).toMatchObject(REQUIRED);
      const { id } = (await add({ passkey: ada })).body.data;
      const confirm = (more: object) =>
        given.askWith(
          { ...CONSOLE, ...more },
          'POST',
          `${book}/addresses/${id}/confirm`,
          {},
          'ben',
        );
      expect(await confirm({})).toMatchObject(REQUIRED);
      expect(await confirm({ passkey: ada })).toMatchObject({ status: 403 });
      expect((await confirm({ passkey: ben })).body.data).toMatchObject({
        confirmed_by: 'person:ben',
      });
    });
  });
});
