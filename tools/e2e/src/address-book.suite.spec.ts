import type { Answer } from './testkit/api-client.js';
import { numberOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import type { TestSystem } from './testkit/given-system.js';
import { sharedSystem } from './testkit/shared-system.js';
import { publishPolicy, PEOPLE, voteOn } from './testkit/spending-policy.js';

const PERMISSIONS = ['withdraw', 'read_withdrawal_status', 'manage_addresses'] as const;

/** Address books and rules about recipients, with real processes. */
describe('recipients of an account', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let asking: Customer;
  beforeAll(async () => {
    sluice = await sharedSystem();
    customer = await sluice.customer({ permissions: [...PERMISSIONS] });
    asking = await sluice.customer();
    await publishPolicy(sluice, {
      groups: { treasury: { people: PEOPLE, passkey: false } },
      rules: [
        {
          kind: 'recipient',
          name: 'new-recipients',
          accounts: [asking.accountId],
          when: 'first_payment',
          groups: [{ group: 'treasury', need: 1 }],
        },
      ],
    });
  });
  afterEach(() => sluice.proveBooks());

  const send = (method: string, target: string, body?: object): Promise<Answer> =>
    customer.api.send({ method, target, ...(body && { body: JSON.stringify(body) }) });
  const terms = (more: object = {}) => ({
    only_book: false,
    confirmation: 'none',
    waits_hours: 24,
    ...more,
  });
  const refused = {
    status: 403,
    message: 'The spending policy does not allow this withdrawal',
    data: { rule: 'address-book-only' },
  };
  const preview = (body: Body) => send('POST', '/v1/withdrawals/preview', body);

  it('are restricted at once by the setting of the account, and free again after the waiting time', async () => {
    const body = toAddress();
    expect(await preview(body)).toMatchObject({ status: 200 });
    const stated = await send('PUT', '/v1/address-book', terms({ only_book: true }));
    expect(stated).toMatchObject({ status: 200, data: { only_book: true, next: null } });

    expect(await customer.post(body)).toMatchObject(refused);
    expect(await preview(body)).toMatchObject(refused);
    const added = await send('POST', '/v1/addresses', {
      network: body['network'],
      to_address: body['to_address'],
      label: 'office',
    });
    expect(added).toMatchObject({
      status: 200,
      data: { state: 'waiting', added_by: expect.any(String) },
    });
    expect(await customer.post(body)).toMatchObject(refused);

    const looser = await send('PUT', '/v1/address-book', terms());
    expect(looser.data).toMatchObject({ only_book: true, next: { only_book: false } });
    await sluice.killNow('ledger');
    expect(await customer.postUntilAnswered(body)).toMatchObject(refused);

    const removed = await send('DELETE', `/v1/addresses/${String(added.data['id'])}`);
    expect(removed).toMatchObject({ status: 200, data: { state: 'removed' } });
    expect(
      (await sluice.admin.ledger.addresses(customer.accountId)).map(({ author }) => author),
    ).toEqual([`key:${String(added.data['added_by'])}`]);
  });

  it('wait for people at the first payment, and not at the next', async () => {
    const first = toAddress();
    const next = toAddress({ to_address: first['to_address'] });
    const id = numberOf(await asking.post(first));
    expect((await asking.get(id)).data).toMatchObject({ stage: 'awaiting_approval' });
    await voteOn(sluice.approver.ledger, (await sluice.admin.intake.withdrawal(id)).id);
    expect(await asking.isFinal(id)).toMatchObject({ state: 'completed' });

    const second = numberOf(await asking.post(next));
    expect(await asking.isFinal(second)).toMatchObject({ state: 'completed' });
    expect(await sluice.admin.ledger.paymentApprovals({ state: 'all' })).toHaveLength(1);
  });
});
