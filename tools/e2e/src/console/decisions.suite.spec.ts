import type { WithdrawalDto } from '@sluice/http-api';
import { eventually } from '@sluice/test-kit';
import {
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from '../testkit/customer.js';
import { approvalAbove, dayLimit, publishPolicy } from '../testkit/spending-policy.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';

const PUSH = 'POST /withdrawals/push';
/** Markup and characters that would change a page or the reading of a line. */
const HOSTILE = '<img src=x onerror=alert(1)> javascript:alert(1) \u202egnp.exe';

describeInBrowser('decisions in the console', (chromium) => {
  let given: GivenConsole;
  let customer: Customer;
  let olivia: Person;
  let peter: Person;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    customer = await given.sluice.customer({ funds: '1000' });
    [olivia, peter] = await given.deciders();
  });
  afterEach(async () => {
    expect([...olivia.takeFaults(), ...peter.takeFaults()]).toEqual([]);
    await given.sluice.venue.settings({ listing_delay_ms: 0 });
    await given.sluice.proveBooks();
  });

  const connector = () => given.sluice.admin.connector('gateio');
  const undecided = async (body: Body): Promise<WithdrawalDto> => {
    const number = numberOf(await customer.post(body));
    await customer.reaches(number, ['undecided']);
    return given.sluice.admin.intake.withdrawal(number);
  };
  /** From the list over the withdrawal to its decision, as a person on call goes. */
  const findAndLook = async (number: string) => {
    const page = await olivia.open('/withdrawals');
    await page.getByLabel(/^Search/).fill(number);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('link', { name: number }).click();
    await page.getByRole('heading', { level: 1, name: new RegExp(number) }).waitFor();
    await page.getByRole('button', { name: 'Open the decision' }).click();
    await page.getByRole('button', { name: 'Decide: absent' }).waitFor();
    return page;
  };
  it('find, look at, resolve and confirm a payment that the venue never made', async () => {
    await given.sluice.venue.arm(PUSH, 'refuse_with_5xx');
    const body = toUser();
    const { number } = await undecided(body);

    const page = await findAndLook(number);
    await page.getByRole('button', { name: 'Decide: absent' }).click();
    await page.getByLabel('evidence').fill('support ticket 8812: no such transfer');
    expect(await olivia.confirm('Decide: absent')).toMatch(/^Requested, not done/);
    await given.approve(peter, 'connector-gateio', 'decide submission');

    await customer.reaches(number, ['failed']);
    expect(await given.paymentsTo(body)).toEqual([]);
    expect(await customer.balance()).toMatchObject({ held: '0', balance: '1000' });
  });

  it('halt a venue at once by one person, and lift it by two', async () => {
    const page = await olivia.open('/venues/connector-gateio?part=stops');
    await page.getByRole('button', { name: 'Open a halt' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('details').fill(HOSTILE);
    await dialog.getByRole('button', { name: 'Open a halt' }).click();
    expect(await olivia.answer()).toMatch(/^Done/);
    const [halt] = await connector().halts();
    expect(halt).toMatchObject({ lifted_at: null });

    await olivia.open(`/decide/connector-gateio/halt/${halt?.id}`);
    await page.getByText(HOSTILE.slice(0, 20)).first().waitFor();
    await page.getByRole('button', { name: 'Ask to lift the halt' }).click();
    await page.getByLabel('evidence').fill('checked by a test');
    expect(await olivia.confirm('Ask to lift the halt')).toMatch(/^Requested, not done/);
    expect((await connector().halts())[0]).toMatchObject({ lifted_at: null });
    await given.approve(peter, 'connector-gateio', 'lift halt');

    await eventually(async () =>
      expect((await connector().halts())[0]).toMatchObject({ lifted_by: 'olivia' }),
    );
  });

  it('are sent once for two clicks', async () => {
    await given.sluice.venue.arm(PUSH, 'refuse_with_5xx');
    const { number, id } = await undecided(toUser());
    const page = await olivia.open(`/decide/connector-gateio/case/${id}`);
    await page.getByRole('button', { name: 'Decide: absent' }).click();
    await page.getByLabel('evidence').fill('twice');
    await page.getByRole('dialog').getByRole('button', { name: 'Decide: absent' }).click();
    await page.getByRole('button', { name: 'Use my passkey for exactly this' }).dblclick();
    expect(await olivia.answer()).toMatch(/^Requested, not done/);

    const all = await connector().approvals();
    expect(all.filter(({ target, state }) => target === id && state !== 'void')).toHaveLength(1);
    const { data } = await connector().auditEntries({ by: 'olivia', limit: 100 });
    const requests = data.filter(
      ({ target, status }) => target.endsWith(`${id}/decision`) && status === 202,
    );
    expect(requests).toHaveLength(1);

    await page.reload(); // the request is on record, and nothing is sent again
    await given.approve(peter, 'connector-gateio', 'decide submission');
    await page.goBack().catch(() => null);
    await customer.reaches(number, ['failed']);
  });

  it('need another person: who has asked cannot approve, also not with a request of one’s own', async () => {
    await given.sluice.venue.arm(PUSH, 'refuse_with_5xx');
    const { number, id } = await undecided(toUser());
    const page = await peter.open(`/decide/connector-gateio/case/${id}`);
    await page.getByRole('button', { name: 'Decide: absent' }).click();
    await page.getByLabel('evidence').fill('asked by peter');
    await peter.confirm('Decide: absent');
    const approval = await given.awaited('connector-gateio', 'decide submission');

    await peter.open(`/decide/connector-gateio/approval/${approval}`);
    await page.getByText('another person approves').first().waitFor();
    expect(await page.getByRole('button', { name: 'Approve and carry out' }).isDisabled()).toBe(
      true,
    );
    const { digest } = (await connector().approvals()).find((one) => one.id === approval) ?? {};
    const byHand = await peter.call('POST', `connector-gateio/approvals/${approval}`, { digest });
    expect(byHand.status).toBe(409);

    await given.sluice.approver
      .connector('gateio')
      .approve(approval)
      .catch(() => null);
    await connector().approve(approval);
    await customer.reaches(number, ['failed']);
  });

  it('approve a payment of the policy, and pay it once', async () => {
    await publishPolicy(given.sluice, {
      groups: { treasury: { people: ['peter', 'demo'], passkey: true } },
      rules: [
        approvalAbove('big', customer.accountId, { above: '40', group: 'treasury', need: 1 }),
        dayLimit('daily', [customer.accountId], '60'),
      ],
    });
    const body = toAddress({ amount: '50' });
    const number = numberOf(await customer.post(body));
    const { id } = await customer.reaches(number, ['awaiting_approval']);
    const page = await peter.open(`/decide/ledger/payment_approval/${id}`);
    await page.getByRole('button', { name: 'Approve the payment' }).waitFor();
    // the whole address, whatever groups it is shown in
    const shown = ((await page.getByRole('main').textContent()) ?? '').replaceAll(/\s/g, '');
    expect(shown).toContain(recipientOf(body));

    await page.getByRole('button', { name: 'Approve the payment' }).click();
    expect(await peter.confirm('Approve the payment')).toMatch(/^Done/);

    await customer.reaches(number, ['completed']);
    expect(await given.paymentsTo(body)).toHaveLength(1);
    await peter.open('/policy?part=use');
    const use = page.getByRole('region', { name: 'Table: Use of daily' });
    await use.waitFor();
    expect(await use.getByRole('cell').allTextContents()).toEqual([
      expect.stringMatching(/^50$/),
      expect.stringMatching(/^10$/),
      '60',
      'near',
    ]);
  });
});
