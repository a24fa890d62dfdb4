import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createKey, ownerUrlOf, type ServiceName } from '@sluice/stack';
import { softwarePasskey } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { numberOf, toAddress, type Customer } from '../testkit/customer.js';
import { TestSystem } from '../testkit/given-system.js';
import { approvalAbove, publishPolicy } from '../testkit/spending-policy.js';
import { ConsolePerson, PASSKEY_REQUIRED } from './testkit/console-person.js';

type Call = readonly [target: string, body: object];

interface TwoPeopleAction {
  readonly action: string;
  readonly service: ServiceName;
  readonly call: () => Call | Promise<Call>;
  /** The content belongs to the first person, so the second cannot send it. */
  readonly isRegistration?: true;
}

function ed25519PublicKey(): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}

const EVIDENCE = { evidence: 'ticket 8812' };
const GATEIO = 'connector-gateio';

/** The attacker owns the console: live tokens of two people, and everything that ever passed. */
describe('the process of the console, with the tokens of two people,', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let other: Customer;
  let carol: ConsolePerson;
  let dave: ConsolePerson;
  let paid: string;
  const seen: ConstructorParameters<typeof ConsolePerson>[2] = [];

  beforeAll(async () => {
    sluice = await TestSystem.startWith({
      more: ['wallet'],
      settings: { PASSKEY_WAITS_HOURS: '0', AUDITOR_PERMITS: 'advisory' },
    });
    [customer, other] = [await sluice.customer(), await sluice.customer()];
    carol = await new ConsolePerson('carol', sluice, seen).register();
    dave = await new ConsolePerson('dave', sluice, seen).register();
    await publishPolicy(sluice, {
      groups: { treasury: { people: ['carol', 'dave'], passkey: false } },
      rules: [
        approvalAbove('big', customer.accountId, { above: '100', group: 'treasury', need: 2 }),
      ],
    });
    const done = numberOf(await customer.post(toAddress({ amount: '12.5' })));
    paid = (await customer.reaches(done, ['completed'])).id;
  }, 300_000);
  afterAll(() => sluice.stop());

  const asOwner = (service: ServiceName, sql: string) =>
    withClient(
      ownerUrlOf(sluice.system, service),
      async (client) => (await client.query(sql)).rows,
    );
  const bothByCommand = () => ({ intake: sluice.admin.intake, approver: sluice.approver });
  const account = (path: string) => `/internal/accounts/${customer.accountId}/${path}`;
  const openHalt = async (service: ServiceName): Promise<Call> => {
    const { data } = await carol.post(service, '/internal/halts', { details: 'a test' });
    return [`/internal/halts/${data.id}/lift`, EVIDENCE];
  };
  const fund = (): Call => {
    const terms = { asset: 'USDT.ETH', amount: '150000', reference: randomUUID() };
    return [account('fundings'), { ...terms, ...EVIDENCE }];
  };
  const address = async () => (await sluice.admin.wallet.wallets())[0]?.address ?? '';

  const ACTIONS: readonly TwoPeopleAction[] = [
    { action: 'lift halt', service: 'intake-api', call: () => openHalt('intake-api') },
    { action: 'lift halt', service: GATEIO, call: () => openHalt(GATEIO) },
    { action: 'lift halt', service: 'connector-evm', call: () => openHalt('connector-evm') },
    {
      action: 'create key',
      service: 'intake-api',
      call: () => [
        account('keys'),
        {
          label: 'thief',
          permissions: ['withdraw'],
          any_address: true,
          algorithm: 'ed25519',
          public_key: ed25519PublicKey(),
        },
      ],
    },
    {
      action: 'rotate key',
      service: 'intake-api',
      call: async () => {
        const wish = { label: 'second', permissions: ['withdraw'] as const };
        const own = { ...wish, algorithm: 'ed25519' as const, public_key: ed25519PublicKey() };
        const { key_id } = await createKey(bothByCommand(), other.accountId, own);
        const next = { overlap_seconds: 60, public_key: ed25519PublicKey() };
        return [`/internal/keys/${key_id}/rotate`, next];
      },
    },
    {
      action: 'set terms of currency',
      service: 'intake-api',
      call: async () => {
        const [{ version, ...terms } = { version: 0 }] = await sluice.admin.intake.currencyTerms();
        const next = { ...terms, name: 'renamed', after_version: version };
        return ['/internal/terms/currencies', next];
      },
    },
    {
      action: 'set terms of network',
      service: 'intake-api',
      call: async () => {
        const networks = await sluice.admin.intake.networkTerms();
        const { network, family, version } = networks.find((one) => one.network !== 'ETH')!;
        const next = { network, family, active: false, after_version: version };
        return ['/internal/terms/networks', next];
      },
    },
    {
      action: 'set terms of account',
      service: 'intake-api',
      call: async () => {
        const [{ version, account_id: _of, ...terms } = { version: 0, account_id: '' }] =
          await sluice.admin.intake.accountTerms(customer.accountId);
        const next = { ...terms, min_withdrawal_amount: '5.5', after_version: version };
        return [account('terms'), next];
      },
    },
    {
      action: 'send the ledger again',
      service: 'intake-api',
      call: async () => {
        await asOwner(
          'intake-api',
          `INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ('${randomUUID()}', 'hold_missing', 'a test')`,
        );
        return ['/internal/ledger-differences/recover', EVIDENCE];
      },
    },
    { action: 'fund account', service: 'ledger', call: fund },
    {
      action: 'transfer funds',
      service: 'ledger',
      call: () => [
        account('transfers'),
        {
          from: `customer:${customer.accountId}`,
          to: 'suspense',
          asset: 'USDT.ETH',
          amount: '1',
          reference: randomUUID(),
          ...EVIDENCE,
        },
      ],
    },
    {
      action: 'reverse entry',
      service: 'ledger',
      call: async () => {
        const rows = await asOwner(
          'ledger',
          `SELECT entry_id AS id FROM money_order ORDER BY ordered_at LIMIT 1`,
        );
        return [account(`entries/${rows[0].id}/reversal`), { reason: 'a test' }];
      },
    },
    {
      action: 'add signer',
      service: 'ledger',
      call: () => {
        const target = `/internal/accounts/${other.accountId}/signers`;
        return [target, { key_id: other.api.key.key_id, public_key: ed25519PublicKey() }];
      },
    },
    {
      action: 'add passkey',
      service: 'ledger',
      isRegistration: true,
      call: async () => {
        const { options } = (await carol.get('ledger', '/internal/passkeys/options')).data;
        const registration = softwarePasskey().register(options.challenge);
        return ['/internal/passkeys', { registration }];
      },
    },
    {
      action: 'publish policy',
      service: 'ledger',
      call: async () => {
        const [newest] = await sluice.admin.ledger.policyVersions();
        return [
          '/internal/policy',
          { after_version: newest?.version ?? 0, policy: { groups: {}, rules: [] } },
        ];
      },
    },
    {
      action: 'set policy price',
      service: 'ledger',
      call: () => ['/internal/policy/prices', { asset: 'MNT.ETH', eur: '1' }],
    },
    {
      action: 'decide submission',
      service: GATEIO,
      call: () => [
        `/internal/submissions/${paid}/decision`,
        { decision: 'returned', amount: '5', ...EVIDENCE },
      ],
    },
    {
      action: 'set asset',
      service: GATEIO,
      call: () => [
        '/internal/assets',
        { currency: 'MNT', network: 'ETH', code: 'ETH', active: true, unit_worth_eur: '1' },
      ],
    },
    {
      action: 'close finding',
      service: 'auditor',
      call: async () => {
        const [{ id }] = await asOwner(
          'auditor',
          `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at) VALUES ('test', 'account', '${other.accountId}', 'a test', '{}', now()) RETURNING id`,
        );
        return [`/internal/findings/${id}/close`, { reason: 'a test' }];
      },
    },
    {
      action: 'place nonce',
      service: 'signer',
      call: async () => [
        `/internal/wallets/ETH/${await address()}/next-nonce`,
        { next_nonce: '0', ...EVIDENCE },
      ],
    },
    {
      action: 'resume wallet',
      service: 'connector-evm',
      call: async () => {
        await asOwner('connector-evm', `UPDATE lane SET paused_because = 'a test'`);
        return [`/internal/wallets/ETH/${await address()}/resume`, EVIDENCE];
      },
    },
    {
      action: 'resume book',
      service: 'ledger',
      call: async () => {
        await asOwner('ledger', `INSERT INTO book_halt (reason) VALUES ('a test')`);
        return ['/internal/book-halts/resume', EVIDENCE];
      },
    },
  ];

  it.each(ACTIONS)(
    'can not $action at $service: it takes the passkeys of both',
    async ({ service, call, isRegistration = false }) => {
      const [target, body] = await call();
      expect(await carol.post(service, target, body)).toMatchObject(PASSKEY_REQUIRED);
      const asked = await carol.prove(service, target, body);
      expect(asked).toMatchObject({ data: { approval_id: expect.any(String) } });
      const [approval] = await carol.approvals(service);
      const path = `/internal/approvals/${asked.data.approval_id}`;

      if (!isRegistration)
        // which belongs to its person
        expect(await dave.post(service, target, body)).toMatchObject(PASSKEY_REQUIRED);
      const approved = { digest: approval?.digest };
      expect(await dave.post(service, path, approved)).toMatchObject(PASSKEY_REQUIRED);
      expect(await carol.prove(service, path, approved)).toMatchObject({ status: 409 });

      expect(await dave.prove(service, path, approved)).toMatchObject({ status: 200 });
      expect((await dave.approvals(service)).find(({ id }) => id === approval?.id)).toMatchObject({
        state: 'approved',
        requested_with: expect.any(String),
        approved_with: expect.any(String),
      });
    },
    60_000,
  );

  it('can not approve a payment that waits for people', async () => {
    await publishPolicy(sluice, {
      groups: { treasury: { people: ['carol', 'dave'], passkey: false } },
      rules: [
        approvalAbove('big', customer.accountId, { above: '100', group: 'treasury', need: 2 }),
      ],
    });
    const posted = numberOf(await customer.post(toAddress({ amount: '500' })));
    const { id } = await customer.reaches(posted, ['awaiting_approval']);
    const { digest } = await sluice.admin.ledger.paymentApproval(id);
    const target = `/internal/payment-approvals/${id}/votes`;
    const vote = { decision: 'approve', digest };

    for (const person of [carol, dave])
      expect(await person.post('ledger', target, vote)).toMatchObject(PASSKEY_REQUIRED);
    expect(await carol.prove('ledger', target, vote)).toMatchObject({ data: { state: 'open' } });
    expect(await dave.post('ledger', target, vote)).toMatchObject(PASSKEY_REQUIRED);
    expect(await dave.prove('ledger', target, vote)).toMatchObject({ data: { state: 'granted' } });
    await customer.reaches(posted, ['completed']);
  });

  it.each<TwoPeopleAction & { readonly secretOf: string }>([
    {
      secretOf: 'a new key that may withdraw',
      action: 'create key',
      service: 'intake-api',
      call: () => [account('keys'), { label: 'k', permissions: ['withdraw'], any_address: true }],
    },
    {
      secretOf: 'a rotated key that may withdraw',
      action: 'rotate key',
      service: 'intake-api',
      call: () => [`/internal/keys/${customer.api.key.key_id}/rotate`, { overlap_seconds: 60 }],
    },
    {
      secretOf: 'a webhook',
      action: 'create webhook',
      service: 'webhooks',
      call: () => {
        const wish = { url: 'http://127.0.0.1:9/thief', events: ['withdrawal.returned'] };
        return ['/internal/webhooks', { account: customer.accountId, ...wish }];
      },
    },
  ])('never gets the secret of $secretOf', async ({ action, service, call }) => {
    const [target, body] = await call();
    const refused = {
      status: 403,
      message: expect.stringContaining('would pass another server'),
    };
    const ofAction = async () =>
      (await carol.approvals(service)).filter((one) => one.action === action);
    const before = await ofAction();

    expect(await carol.prove(service, target, body)).toMatchObject(refused);
    expect(await dave.post(service, target, body)).toMatchObject({ status: 403 });
    expect(await ofAction()).toEqual(before);
  });

  it('can not credit money in the name of one person', async () => {
    const small = { asset: 'USDT.ETH', amount: '1', reference: randomUUID(), ...EVIDENCE };
    const target = account('fundings');

    expect(await carol.post('ledger', target, small)).toMatchObject(PASSKEY_REQUIRED);
    const { asset: _asset, ...terms } = small;
    const byIntake = { ...terms, currency: 'USDT', network: 'ETH' };
    expect(await carol.post('intake-api', target, byIntake)).toMatchObject({ status: 403 });
    // the account is younger than a day, so the credit awaits a second person
    expect(await carol.prove('ledger', target, small)).toMatchObject({ status: 202 });
  });

  it('can not make passkeys of its own for a person: the first is approved elsewhere, a further one by an earlier one', async () => {
    const newcomer = new ConsolePerson('newcomer', sluice, seen);
    const { options } = (await newcomer.get('ledger', '/internal/passkeys/options')).data;
    const registration = softwarePasskey().register(options.challenge);
    const asked = await newcomer.post('ledger', '/internal/passkeys', { registration });
    const id = asked.data.approval_id;
    const digest = (await dave.approvals('ledger')).find((one) => one.id === id)?.digest;

    expect(await dave.prove('ledger', `/internal/approvals/${id}`, { digest })).toMatchObject({
      status: 403,
      message: expect.stringContaining('with the operator command'),
    });
  });

  it('can not loosen an address book', async () => {
    const target = account('address-book');
    const strict = { only_book: true, confirmation: 'person', waits_hours: 24 };
    await carol.post('ledger', target, strict);

    const loose = { ...strict, confirmation: 'none' };
    expect(await carol.post('ledger', target, loose)).toMatchObject(PASSKEY_REQUIRED);
  });

  it('can not bring an address into a book that takes two people', async () => {
    await carol.post('ledger', account('address-book'), {
      only_book: false,
      confirmation: 'person',
      waits_hours: 24,
    });
    const { to_address: to } = toAddress();
    const entry = { network: 'ETH', destination: { type: 'address', address: to }, label: 'thief' };
    const target = account('addresses');

    expect(await carol.post('ledger', target, entry)).toMatchObject(PASSKEY_REQUIRED);
    const { data } = await carol.prove('ledger', target, entry);
    const confirm = `${target}/${data.id}/confirm`;
    expect(await dave.post('ledger', confirm, {})).toMatchObject(PASSKEY_REQUIRED);
    expect(await dave.prove('ledger', confirm, {})).toMatchObject({
      data: { confirmed_by: 'person:dave' },
    });
  });

  it('can do nothing with what it saw: every call again changes no decision', async () => {
    const services = [...new Set(ACTIONS.map(({ service }) => service))];
    const decisions = async () => {
      const rows = await Promise.all(services.map((service) => carol.approvals(service)));
      return rows.flat().map(({ id, action, state }) => `${action} ${id} ${state}`);
    };
    const before = await decisions();
    const proven = seen.filter(({ passkey }) => passkey !== undefined);
    expect(proven.length).toBeGreaterThan(2 * ACTIONS.length);

    for (const call of proven)
      for (const person of [carol, dave]) {
        await person.replay(call);
        await person.replay({ ...call, service: 'ledger' });
      }

    expect(await decisions()).toEqual(before);
  }, 120_000);
});
