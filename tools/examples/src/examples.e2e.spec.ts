import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { approvedBy } from '@sluice/admin-client';
import { AdminClients, APPROVER, startSystem, type System } from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import { programOf } from './docs-typescript.js';
import { EmptyProject } from './empty-project.js';
import { CopyOfExamples, GENERATED_CLIENTS } from './generated-clients.js';
import { LANGUAGES, Programs } from './languages.js';

const run = promisify(execFile);
const PAGE = 'docs/client.md';

describe('against the whole system', () => {
  const home = newDataFolder('sluice-examples-');
  let system: System;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    system = await startSystem({ home, venues: ['gateio'], pace: 'fast', tls: false });
    environment = await openAccount(system);
  });
  afterAll(async () => {
    await system.stop();
    rmSync(home, { recursive: true, force: true });
  });

  describe.each(LANGUAGES)('the example in $name', (language) => {
    const withLanguage = language.isHere() ? it : it.skip;

    withLanguage('asks for a withdrawal, and again with the same reference', async () => {
      const programs = new Programs(language);
      const reference = `in-${language.name}`;

      const first = await programs.pay(reference, environment);
      const repeat = await programs.pay(reference, environment);
      programs.remove();

      expect(first).toMatchObject({ isDone: true, stderr: '' });
      const { success, data } = JSON.parse(first.stdout);
      expect({ success, status: data.status }).toEqual({ success: true, status: 'pending' });
      expect(JSON.parse(repeat.stdout).data).toMatchObject({
        id: data.withdrawal_id,
        client_reference: reference,
      });
    });
  });

  describe.each(GENERATED_CLIENTS)('the $name client that OpenAPI Generator makes', (client) => {
    const withLanguage = client.isHere() ? it : it.skip;

    withLanguage('compiles, pays, and reads both shapes of the answer', async () => {
      const examples = new CopyOfExamples();
      const reference = `generated-${client.name}`;
      await client.make(examples.folder);

      const first = JSON.parse(await client.pay(examples.folder, reference, environment));
      const repeat = JSON.parse(await client.pay(examples.folder, reference, environment));
      examples.remove();

      expect(first).toMatchObject({
        success: true,
        data: { status: 'pending', amount_decimal: '25.000000' },
      });
      expect(repeat).toMatchObject({
        success: true,
        data: { id: first.data.withdrawal_id, amount: '25.000000', client_reference: reference },
      });
    });
  });

  describe(PAGE, () => {
    const project = new EmptyProject();
    let lines: readonly string[];
    beforeAll(async () => {
      project.install(project.pack('client'));
      const file = project.write('page.ts', programOf(PAGE, { runs: true }));
      const env = { ...process.env, ...environment };
      const { stdout } = await run(process.execPath, [file], { cwd: project.folder, env });
      lines = stdout.trimEnd().split('\n');
    });
    afterAll(() => project.remove());

    it('pays, and waits until it is paid', () => {
      expect(lines[0]).toMatch(/^\d+ pending 1\.025000$/);
      expect(lines[1]).toMatch(/^confirmed \S+$/);
    });

    it('repeats, and is refused in its four ways', () => {
      expect(lines.slice(2, 6)).toEqual([
        'confirmed',
        '409 client_reference was already used with different parameters',
        'not now',
        'amount',
      ]);
    });

    it('lists, and asks for several at once', () => {
      expect(lines.slice(6)).toEqual([
        expect.stringMatching(/^\d+ 25(\.0+)?$/),
        expect.stringMatching(/-d \d+$/),
        expect.stringMatching(/-e Currency not found$/),
        expect.stringMatching(/^\d+\.\d+$/),
      ]);
    });
  });
});

/** A customer with money and a key for everything, as the examples take it from their environment. */
async function openAccount({ run }: System): Promise<Readonly<Record<string, string>>> {
  const { intake } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const { account_id } = await intake.createAccount({ name: 'examples' });
  const key = intake.createKey(account_id, {
    label: 'examples',
    permissions: ['withdraw', 'read_withdrawal_status', 'read_balance'],
    any_address: true,
    rate_limit_per_min: 1_000_000,
  });
  const { key_id, secret } = await approvedBy(second.intake, key);
  const money = { currency: 'USDT', network: 'TRX', amount: '1000' };
  const funding = { ...money, reference: 'examples', evidence: 'a test' };
  await approvedBy(second.ledger, intake.fund(account_id, funding));
  return { SLUICE_URL: run.intake_url, SLUICE_KEY_ID: key_id, SLUICE_SECRET: secret ?? '' };
}
