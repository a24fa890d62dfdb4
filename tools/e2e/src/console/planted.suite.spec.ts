import { randomUUID } from 'node:crypto';
import { approvedBy } from '@sluice/admin-client';
import { createKey } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { Customer, freshAddress, numberOf, toAddress } from '../testkit/customer.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';

/** Without blanks, which names of people and URLs cannot have. */
const MARKUP = '<img/src=x/onerror=window.__pwned=1>';
/** Text of a field in which the services permit no invisible character. */
const plain = (field: string) => `${MARKUP}${field}`;
/** Markup, and marks that would turn and split the text behind them. */
const planted = (field: string) => `${MARKUP}${field}\u202Egnp\u200B.exe`;
const shown = (field: string) => `${MARKUP}${field}[U+202E]gnp[U+200B].exe`;

describeInBrowser('markup in the fields of customers, people and venues', (chromium) => {
  let given: GivenConsole;
  let ada: Person;
  /** Paths of the console, with the texts that each has to show. */
  const places = new Map<string, readonly string[]>();
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    ada = await given.person('ada', plain('browser'));
    const { accountId, number } = await plantAsCustomer();
    const [halt, request] = await Promise.all([
      plantAsVisitor(),
      plantAtLedger(accountId),
      plantWebhook(accountId),
    ]);
    const account = `/accounts/${accountId}`;
    const stops = [shown('halt'), plain('person'), shown('lifted')];
    for (const [path, texts] of Object.entries({
      '/accounts': [shown('account')],
      [account]: [shown('account'), shown('case'), shown('freeze')],
      [`${account}?part=keys`]: [shown('key')],
      [`${account}?part=book`]: [plain('label'), plain('memo'), plain('remittance')],
      [`${account}?part=webhooks`]: [shown('description'), plain('/url')],
      [`/withdrawals/${number}`]: [plain('order'), plain('code'), plain('message')],
      [`/withdrawals?account_id=${accountId}&columns=number,reference`]: [plain('order')],
      [`/withdrawals?q=${encodeURIComponent(planted('search'))}`]: [shown('search')],
      '/decide': [shown('halt'), plain('person')],
      [`/decide/connector-gateio/halt/${halt}`]: [shown('halt'), plain('person')],
      [`/decide/ledger/approval/${request}`]: [shown('evidence'), plain('funding')],
      [`/decide/ledger/${encodeURIComponent(planted('kind'))}/1`]: [shown('kind')],
      '/venues/connector-gateio?part=stops': stops,
      '/audit?service=connector-gateio': [plain('person')],
      '/sessions': [plain('browser')],
    }))
      places.set(path, texts);
  });
  afterAll(() => given.sluice.proveBooks());

  /** An account, a key and a withdrawal whose first attempt the venue refuses in its own words. */
  async function plantAsCustomer() {
    const { admin, approver, venue, system, customers } = given.sluice;
    const { account_id: accountId } = await admin.intake.createAccount({
      name: planted('account'),
    });
    const people = { intake: admin.intake, approver };
    const key = await createKey(people, accountId, {
      label: planted('key'),
      permissions: ['withdraw', 'read_withdrawal_status', 'read_balance'],
    });
    const customer = new Customer(accountId, key, system.run.intake_url, admin.intake, approver);
    customers.push(customer);
    await customer.fund('1000');
    await venue.arm('POST /withdrawals', 'refuse_with', {
      http_status: 400,
      body: JSON.stringify({ label: plain('code'), message: plain('message') }),
    });
    const reference = `${plain('order')}${randomUUID()}`;
    const number = numberOf(await customer.post(toAddress({ client_reference: reference })));
    await customer.isFinal(number);
    return { accountId, number };
  }

  /** Halts of accounts without withdrawals, by a person whose name is markup. Returns the open one. */
  async function plantAsVisitor(): Promise<string> {
    const { system, admin } = given.sluice;
    const token = system.issuer.tokenOf(plain('person'), { roles: ['operate'] });
    const open = async (details: string): Promise<string> => {
      const { ok } = await fetch(`${system.run.internal.connector_gateio}/internal/halts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ details, scope: 'account', target: randomUUID() }),
      });
      expect(ok).toBe(true);
      const halts = await admin.connector('gateio').halts();
      return halts.find((one) => one.details === details)?.id ?? '';
    };
    const other = await open(planted('other'));
    await given.sluice.liftHalt('gateio', other, planted('lifted'));
    return open(planted('halt'));
  }

  /** A freeze, entries of the address book, and a request for money. Returns the id of the request. */
  async function plantAtLedger(accountId: string): Promise<string> {
    const { ledger, intake } = given.sluice.admin;
    const bank = { type: 'reference_account', user_id: 'u', account_group_id: 'g' } as const;
    await ledger.freeze(accountId, { freeze_id: planted('case'), reason: planted('freeze') });
    await ledger.addAddress(accountId, {
      network: 'PLANTED',
      label: plain('label'),
      destination: { type: 'address', address: freshAddress(), memo: plain('memo') },
    });
    await ledger.addAddress(accountId, {
      network: 'SEPA',
      label: 'bank',
      destination: {
        ...bank,
        reference_account_id: 'r',
        remittance_information: plain('remittance'),
      },
    });
    const asked = await intake.fund(accountId, {
      currency: 'USDT',
      network: 'ETH',
      amount: '1',
      reference: plain('funding'),
      evidence: planted('evidence'),
    });
    return 'approval_id' in asked ? asked.approval_id : '';
  }

  async function plantWebhook(account: string): Promise<void> {
    const { admin, approver } = given.sluice;
    const asked = admin.webhooks.createWebhook({
      account,
      url: `http://127.0.0.1:9/${plain('/url')}`,
      events: ['withdrawal.confirmed'],
      description: planted('description'),
    });
    await approvedBy(approver.webhooks, asked);
  }

  it('is text on every page that shows it, with its invisible characters by number', async () => {
    for (const [path, texts] of places) {
      const page = await ada.open(path);
      await eventually(async () => {
        const text = await ada.shownText();
        for (const one of texts)
          expect({ path, text }).toEqual({ path, text: expect.stringContaining(one) });
        expect({ path, raw: /[\u202A-\u202E\u200B]/.test(text) }).toEqual({ path, raw: false });
      });
      const elements = await page.locator('img, body script, [onerror], iframe, object').count();
      const effect = await page.evaluate<string>('typeof window.__pwned');
      const found = { path, elements, effect, faults: ada.takeFaults() };
      expect(found).toEqual({ path, elements: 0, effect: 'undefined', faults: [] });
    }
  });
});
