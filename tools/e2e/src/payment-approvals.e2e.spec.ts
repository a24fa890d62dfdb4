import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

const POLICY = {
  groups: { treasury: { people: ['demo', 'peter'], passkey: false } },
  rules: [
    {
      kind: 'approval',
      name: 'big',
      assets: ['USDT.ETH'],
      above: '20',
      unit: 'asset',
      groups: [{ group: 'treasury', need: 2 }],
      decide_within_hours: 24,
    },
  ],
};

describe('a payment that waits for people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    customer = await sluice.customer({ funds: '1000' });
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(POLICY));
    const { approval_id: id } = await run('policy', 'publish', '--file', file);
    await run('approvals', 'approve', `${id}`, '--service', 'ledger', '--person', 'peter');
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await sluice.stop();
  });

  const run = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { exitCode, json } = await operate(sluice, words);
    expect({ words, exitCode, json }).toMatchObject({ exitCode: 0 });
    return json as Record<string, unknown>;
  };
  /** Posts a withdrawal above the amount. Returns its number and its id at the ledger. */
  const givenWaiting = async () => {
    const body = toAddress({ amount: '50' });
    const number = String(numberOf(await customer.post(body)));
    const id = await eventually(async () => {
      const { json } = await operate(sluice, ['approvals', 'list']);
      const row = (json as readonly Record<string, string>[]).find(({ exactly = '' }) =>
        exactly.includes(`${body['to_address']}`),
      );
      expect(row).toMatchObject({ service: 'ledger', action: 'pay', votes: '0 of treasury 2' });
      return row?.['id'] ?? '';
    });
    return { number, id, body };
  };

  it('is listed, shown, approved by two people at the command line, and paid', async () => {
    const { number, id, body } = await givenWaiting();

    const { content, digest } = await run('approvals', 'show', id);
    expect(JSON.parse(`${content}`)).toMatchObject({
      withdrawal_id: id,
      amount: '50',
      destination: { address: body['to_address'] },
    });
    const approve = ['approvals', 'approve', id, '--digest', `${digest}`];
    expect(await run(...approve)).toMatchObject({ state: 'open', votes: [{ person: 'demo' }] });
    expect(await operate(sluice, approve)).toMatchObject({ exitCode: 1 });
    expect(await run(...approve, '--person', 'peter')).toMatchObject({ state: 'granted' });

    await customer.reaches(number, ['completed']);
  });

  it('is not paid after one refusal', async () => {
    const { number, id } = await givenWaiting();

    const { digest } = await run('approvals', 'show', id);
    await run('approvals', 'approve', id, '--digest', `${digest}`);
    const refused = await run('approvals', 'refuse', id, '--reason', 'x', '--person', 'peter');

    expect(refused).toMatchObject({ state: 'refused' });
    await customer.reaches(number, ['failed']);
    expect(await customer.balance()).toMatchObject({ held: '0' });
  });
});
