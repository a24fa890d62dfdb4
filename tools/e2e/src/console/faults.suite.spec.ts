import { randomUUID } from 'node:crypto';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress, type Body, type Customer } from '../testkit/customer.js';
import { addApprovalAbove, voteOn } from '../testkit/spending-policy.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';
import { HeldCall } from './testkit/held-call.js';

const APPROVE = 'Approve the payment';
const FREEZES = /[/]api[/]services[/]ledger[/]accounts[/][^/]+[/]freezes$/;
const VOTES = /[/]api[/]services[/]ledger[/]payment-approvals[/][^/]+[/]votes$/;
const SERVICE_READS = /[/]api[/](services|every)[/]/;

describeInBrowser('faults during a decision in the console', (chromium) => {
  let given: GivenConsole;
  let customer: Customer;
  let olivia: Person;
  let peter: Person;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    customer = await given.sluice.customer({ funds: '1000' });
    [olivia, peter] = await given.deciders();
    await addApprovalAbove(given.sluice, customer.accountId, { above: '40', need: 2 });
  });
  afterEach(async () => {
    expect([...olivia.takeFaults(), ...peter.takeFaults()]).toEqual([]);
    await given.sluice.proveBooks();
  });

  const ledger = () => given.sluice.admin.ledger;
  const votesOf = async (id: string) =>
    (await ledger().paymentApproval(id)).votes.map(({ person }) => person);
  /** Answers of the ledger to a person's changes of the target, from its audit log. */
  const answersTo = async (by: string, target: string) => {
    const { data } = await ledger().auditEntries({ by, limit: 200 });
    return data.filter(
      (one) => one.target.endsWith(target) && one.method === 'POST' && one.status !== null,
    );
  };
  const accepted = async (by: string, target: string) =>
    (await answersTo(by, target)).filter(({ status }) => status !== null && status < 300);
  /** A payment that waits for the votes of two people. */
  const waitingPayment = async () => {
    const body = toAddress({ amount: '50' });
    const number = numberOf(await customer.post(body));
    const { id } = await customer.reaches(number, ['awaiting_approval']);
    return { body, number, id };
  };
  const openPayment = async (person: Person, id: string) => {
    const page = await person.open(`/decide/ledger/payment_approval/${id}`);
    await page.getByRole('button', { name: APPROVE }).click();
    await person.begin(APPROVE);
    return page;
  };
  const paidOnceWithTheSecondVote = async (payment: { body: Body; number: number; id: string }) => {
    expect(await votesOf(payment.id)).toEqual(['peter']);
    expect(await given.paymentsTo(payment.body)).toEqual([]);
    await voteOn(ledger(), payment.id);
    await customer.reaches(payment.number, ['completed']);
    expect(await given.paymentsTo(payment.body)).toHaveLength(1);
  };
  const openFreeze = async (person: Person, freezeId: string) => {
    await person.page.getByRole('button', { name: 'Freeze', exact: true }).click();
    const dialog = person.page.getByRole('dialog');
    await dialog.getByLabel('freeze id').fill(freezeId);
    await dialog.getByLabel('reason').fill('a test');
    return dialog;
  };
  const isFrozen = async (freezeId: string) =>
    (await ledger().freezes()).some(({ freeze_id: id }) => id === freezeId);
  const liftFreeze = (freezeId: string) =>
    ledger().liftFreeze({ account_id: customer.accountId, freeze_id: freezeId });

  it('two tabs of one person confirm at the same moment: one vote, and the other tab says so', async () => {
    const payment = await waitingPayment();
    const other = await peter.secondTab();
    const page = await openPayment(peter, payment.id);
    await openPayment(other, payment.id);

    const [first, second] = await Promise.all([
      HeldCall.on(page, VOTES, 'answer'),
      HeldCall.on(other.page, VOTES, 'answer'),
    ]);
    await peter.usePasskey();
    await first.isOpen;
    await other.usePasskey();
    expect(await other.answer()).toMatch(/^Not sent from this tab[.]\s*Another tab/);
    expect([await first.release(), await second.release()]).toEqual([1, 0]);
    expect(await peter.answer()).toMatch(/^Done/);
    expect(await accepted('peter', `${payment.id}/votes`)).toHaveLength(1);
    for (const tab of [peter, other]) {
      await tab.closeDialog();
      await tab.page.getByText('You have voted.').waitFor();
    }
    await peter.takePasskeysOf(other);
    expect(other.takeFaults()).toEqual([]);
    await other.page.close();

    await page.goBack();
    await page.goForward();
    await page.getByText('You have voted.').waitFor();
    expect(await answersTo('peter', `${payment.id}/votes`)).toHaveLength(3);
    await paidOnceWithTheSecondVote(payment);
  });

  it('the console, the ledger or the answer is lost: unknown, then the true state, and one vote', async () => {
    const payment = await waitingPayment();
    const page = await openPayment(peter, payment.id);
    for (const name of ['console', 'ledger'] as const) {
      await given.sluice.system.kill(name, 'SIGSTOP');
      await peter.usePasskey();
      await page.getByRole('button', { name: 'ledger is being asked' }).waitFor();
      await given.sluice.killNow(name);
      expect(await peter.answer()).toMatch(/^Unknown: the answer of ledger was lost/);
      await peter.closeDialog();
      expect(await votesOf(payment.id)).toEqual([]);
      // no login between: the session is in the database of the console
      await page.getByText('There is no vote yet.').waitFor();
      await page.getByRole('button', { name: APPROVE }).click();
      await peter.begin(APPROVE);
    }
    await page.route(VOTES, async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await peter.usePasskey();
    expect(await peter.answer()).toMatch(/^Unknown/);
    await page.unroute(VOTES);
    await peter.closeDialog();

    await page.getByText('You have voted.').waitFor();
    expect(await accepted('peter', `${payment.id}/votes`)).toHaveLength(1);
    await paidOnceWithTheSecondVote(payment);
  });

  it('the page is loaded again while a request is open: it shows what the service did, and sends nothing', async () => {
    for (const held of ['request', 'answer'] as const) {
      const freezeId = `case-${randomUUID()}`;
      const page = await olivia.open(`/accounts/${customer.accountId}`);
      const call = await HeldCall.on(page, FREEZES, held);
      const dialog = await openFreeze(olivia, freezeId);
      await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
      await call.isOpen;
      expect(await dialog.getByText(/^Done/).count()).toBe(0);

      await page.reload();
      expect(await call.release()).toBe(1);
      const sentence = held === 'answer' ? freezeId : 'The account is not frozen.';
      await page.getByText(sentence).waitFor();
      expect(await dialog.count()).toBe(0);
      expect(await isFrozen(freezeId)).toBe(held === 'answer');
    }
    const sent = await answersTo('olivia', `${customer.accountId}/freezes`);
    expect(sent).toHaveLength(1);
    for (const { freeze_id: id } of await ledger().freezes()) await liftFreeze(id);
  });

  it('Back while a request is open: the dialog stays until the answer, and nothing is sent again', async () => {
    const freezeId = `case-${randomUUID()}`;
    const page = await olivia.open(`/accounts?q=${customer.accountId}`);
    await page.getByRole('link', { name: /^e2e/ }).click();
    const before = await answersTo('olivia', `${customer.accountId}/freezes`);
    const call = await HeldCall.on(page, FREEZES, 'answer');
    const dialog = await openFreeze(olivia, freezeId);
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await call.isOpen;

    await page.goBack();
    await page.waitForURL(/[/]accounts[?]q=/);
    await dialog.getByRole('button', { name: 'ledger is being asked' }).waitFor();
    expect(await dialog.getByText(/^Done/).count()).toBe(0);
    expect(await call.release()).toBe(1);
    expect(await olivia.answer()).toMatch(/^Done/);
    await olivia.closeDialog();
    await page.getByRole('cell', { name: 'frozen', exact: true }).waitFor();
    await page.goForward();
    await page.getByText(freezeId).waitFor();

    const after = await answersTo('olivia', `${customer.accountId}/freezes`);
    expect(after).toHaveLength(before.length + 1);
    expect(await isFrozen(freezeId)).toBe(true);
    await liftFreeze(freezeId);
  });

  it('the session ends before a filled form is sent: the login follows, and nothing was sent', async () => {
    const ada = await given.person('ada');
    const path = `/accounts/${customer.accountId}`;
    const page = await ada.open(path);
    const freezeId = `case-${randomUUID()}`;
    const dialog = await openFreeze(ada, freezeId);
    await ada.endSessions();
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();

    await page.getByRole('heading', { name: 'Your session ended' }).waitFor();
    expect(await dialog.count()).toBe(0);
    await page.getByRole('link', { name: 'Log in' }).click();
    await ada.signIn(given.passwordOf('ada'), path);
    await page.getByText('The account is not frozen.').waitFor();
    expect(await dialog.count()).toBe(0);
    expect(await isFrozen(freezeId)).toBe(false);
    expect(await answersTo('ada', `${customer.accountId}/freezes`)).toEqual([]);
  });

  it('no service can be asked: each page says so, and no list is shown as empty', async () => {
    const { page } = olivia;
    const message = 'no answer came';
    await page.route(SERVICE_READS, (route) =>
      route.request().url().includes('/api/every/')
        ? route.fulfill({ json: { data: [{ service: 'ledger', status: 502, message }] } })
        : route.fulfill({ status: 502, json: { message } }),
    );
    for (const path of [
      '/',
      '/decide',
      '/withdrawals',
      '/accounts',
      `/accounts/${customer.accountId}`,
      '/venues/connector-gateio?part=stops',
      '/ledger',
      '/policy',
    ]) {
      await olivia.open(path);
      await eventually(
        async () =>
          expect({ path, text: await olivia.shownText() }).toEqual({
            path,
            text: expect.stringMatching(/couldnotbeasked|notknown:/),
          }),
        { everyMs: 100 },
      );
      await olivia.settled();
      const empty = await page.locator('.table-empty').allTextContents();
      const untrue = empty.filter((text) => !text.startsWith('The services that answered '));
      expect({ path, untrue }).toEqual({ path, untrue: [] });
    }
    await page.unroute(SERVICE_READS);
  });
});
