import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verifyIntake } from '@sluice/signing';
import { workspaceRoot } from '@sluice/test-servers';
import { programOf } from './docs-typescript.js';
import { EmptyProject, type Packed } from './empty-project.js';
import { nodesAtHand } from './nodes-at-hand.js';

const SECRET = 'the-secret-of-this-test';
const LIBRARIES = ['client', 'consumer-kit'] as const;
const run = promisify(execFile);

/** What a product team's program does with the client. */
const PROGRAM = `
import { SluiceClient, verifyWebhook, OutcomeUnknownError, InsufficientBalanceError } from '@sluice/client';
import { createHmac } from 'node:crypto';

const [url, secret] = process.argv.slice(2);
const sluice = new SluiceClient({ url, keyId: 'ck_1', secret });
const order = { currency: 'USDT', network: 'TRX', to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL', amount: '25', client_reference: 'order-1' };
const withdrawal = await sluice.withdrawals.create(order);
const refused = await sluice.withdrawals.create({ ...order, amount: '26' }).catch((error) => error);
const now = Date.now();
const timestamp = String(Math.floor(now / 1000));
const body = '{"id":42,"event":"withdrawal.confirmed","created_at":"2026-05-16T22:05:31Z","api_version":"1","data":{"withdrawal_id":17}}';
const signature = createHmac('sha256', 'whsec_1').update(timestamp + '\\n' + body).digest('hex');
const event = verifyWebhook({ headers: { 'x-cpg-timestamp': timestamp, 'x-cpg-signature': signature }, body }, { secrets: 'whsec_1', now });
console.log(JSON.stringify({ id: withdrawal.id, amount: withdrawal.amount, refused: refused instanceof InsufficientBalanceError, unknown: refused instanceof OutcomeUnknownError, event: event.event }));
`;

/** The same classes by both ways: an error that one part of a program throws is recognised by the other part. */
const COMMONJS_PROGRAM = `
const { SluiceClient, OutcomeUnknownError, InsufficientBalanceError } = require('@sluice/client');
const { readKafkaEvent, UnreadableEvent } = require('@sluice/consumer-kit');

async function pay([url, secret]) {
  const sluice = new SluiceClient({ url, keyId: 'ck_1', secret });
  const order = { currency: 'USDT', network: 'TRX', to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL', amount: '25', client_reference: 'order-1' };
  const { id } = await sluice.withdrawals.create(order);
  const refused = await sluice.withdrawals.create({ ...order, amount: '26' }).catch((error) => error);
  const modules = await import('@sluice/client');
  let unreadable;
  try { readKafkaEvent({ value: null }, { unverified: 'writers to Kafka can forge payments' }); } catch (error) { unreadable = error instanceof UnreadableEvent; }
  console.log(JSON.stringify({
    id, unreadable, refused: refused instanceof InsufficientBalanceError,
    same: modules.OutcomeUnknownError === OutcomeUnknownError && refused instanceof modules.ApiError,
  }));
}
pay(process.argv.slice(2));
`;

describe('what others install', () => {
  const project = new EmptyProject();
  const packed = new Map<string, Packed>();
  beforeAll(() => {
    for (const library of LIBRARIES) packed.set(library, project.pack(library));
    project.install(...packed.values());
  }, 120_000);
  afterAll(() => project.remove());

  it.each(LIBRARIES)('%s: the tarball has code, types and the licence, and no tests', (library) => {
    const files = (packed.get(library)?.files ?? []).map(({ path }) => path);

    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/index.mjs',
        'dist/index.d.mts',
        'dist/LICENSE',
      ]),
    );
    expect(
      files.filter((path) => /spec|test|CONTRIBUTING|\.ts$(?<!\.d\.ts)|project\.json/.test(path)),
    ).toEqual([]);
  });

  it.each(LIBRARIES)('%s: its README has no link into the repository', (library) => {
    const readme = readFileSync(join(project.folder, `node_modules/@sluice/${library}/README.md`));

    expect(readme.toString()).not.toMatch(/\]\((?!https:)/);
  });

  it('brings nothing else along', () => {
    const tree = execFileSync('npm', ['ls', '--all', '--json'], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    const { dependencies } = JSON.parse(tree) as { dependencies: Record<string, object> };

    expect(Object.keys(dependencies).toSorted()).toEqual([
      '@sluice/client',
      '@sluice/consumer-kit',
    ]);
    expect(JSON.stringify(dependencies)).not.toContain('"dependencies"');
  });

  describe('the client', () => {
    let api: Server;
    let url: string;
    beforeAll(async () => {
      api = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { status, envelope } = answerTo(request, Buffer.concat(chunks).toString());
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify(envelope));
        });
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    });
    afterAll(() => new Promise((resolve) => api.close(resolve)));

    it.each(nodesAtHand())('works there on Node $version', async ({ program }) => {
      const file = project.write('pay.mjs', PROGRAM);

      const { stdout } = await run(program, [file, url, SECRET], { cwd: project.folder });

      expect(JSON.parse(stdout)).toEqual({
        id: 17,
        amount: '25.000000',
        refused: true,
        unknown: false,
        event: 'withdrawal.confirmed',
      });
    });

    describe('in a CommonJS project', () => {
      const commonjs = new EmptyProject('commonjs');
      beforeAll(() => {
        commonjs.install(...packed.values());
        commonjs.borrow('@types/node');
        commonjs.borrow('undici-types');
      }, 120_000);
      afterAll(() => commonjs.remove());

      it.each(nodesAtHand())('is loaded by require on Node $version', async ({ program }) => {
        const file = commonjs.write('pay.js', COMMONJS_PROGRAM);

        const args = [...withoutRequireOfModules(program), file, url, SECRET];
        const { stdout } = await run(program, args, { cwd: commonjs.folder });

        expect(JSON.parse(stdout)).toEqual({ id: 17, unreadable: true, refused: true, same: true });
      });

      it.each([
        ['node10', ['--module', 'commonjs', '--ignoreDeprecations', '6.0']],
        ['bundler', ['--module', 'esnext']],
      ] as const)(
        'has types that moduleResolution %s finds, and a README that compiles',
        (resolution, module) => {
          for (const library of LIBRARIES)
            commonjs.write(
              `${library}.ts`,
              programOf(`libs/${library}/README.md`, { runs: false }),
            );

          const old = ['--moduleResolution', resolution, '--target', 'es2020', '--esModuleInterop'];
          const files = LIBRARIES.map((library) => `${library}.ts`);

          expect(compile(commonjs, [...module, ...old], ...files)).toBe('');
        },
        180_000,
      );
    });

    it('has types that a strict compiler takes, its own included', () => {
      project.borrow('@types/node');
      project.borrow('undici-types');
      project.write(
        'typed.ts',
        `import { SluiceClient, type Withdrawal } from '@sluice/client';
         import { EventKeys, onceInOrder, readKafkaEvent, type WithdrawalEvent } from '@sluice/consumer-kit';
         const sluice = new SluiceClient({ url: 'https://pay.example', keyId: 'ck_1', secret: 's' });
         export const withdrawal: Promise<Withdrawal> = sluice.withdrawals.get(17);
         export const event: WithdrawalEvent = readKafkaEvent({ value: null }, { keys: new EventKeys([]) });
         export const taken = onceInOrder({ query: () => Promise.resolve({ rows: [] }) }, 'me', [event]);
         export async function ids(): Promise<readonly number[]> {
           const found: number[] = [];
           for await (const { id } of sluice.transactions.list({ direction: 'withdrawal' })) found.push(id);
           return found;
         }`,
      );
      project.write(
        'wrong.ts',
        `import { SluiceClient } from '@sluice/client';
         const sluice = new SluiceClient({ url: 'https://pay.example', keyId: 'ck_1', secret: 's' });
         export const paid = sluice.withdrawals.create({ currency: 'USDT', network: 'TRX', amount: 25, client_reference: 'a' });`,
      );

      const faults = compile(project, MODERN, 'typed.ts', 'wrong.ts')
        .split('\n')
        .filter((line) => /^\S/.test(line));

      expect(faults).toEqual([
        expect.stringMatching(/^wrong\.ts.*'number' is not assignable to type 'string'/),
      ]);
    }, 180_000);
  });
});

const MODERN = ['--module', 'nodenext', '--target', 'es2023'];

/** Until 20.19 no Node 20 loads an ES module by `require`. A later Node behaves like that with this option. */
function withoutRequireOfModules(program: string): readonly string[] {
  const option = '--no-experimental-require-module';
  const { status } = spawnSync(program, [option, '--version']);
  return status === 0 ? [option] : [];
}

/** Everything that it declares is checked (`skipLibCheck` is off), and no file of this repository is looked at. */
function compile(
  { folder }: EmptyProject,
  options: readonly string[],
  ...files: readonly string[]
): string {
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noEmit',
    '--skipLibCheck',
    'false',
  ];
  const alone = ['--types', 'node', '--ignoreConfig'];
  const tsc = join(workspaceRoot(), 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, ...strict, ...options, ...alone, ...files], {
    cwd: folder,
    encoding: 'utf8',
  }).stdout;
}

/** As the API would: what is signed well is taken, once. */
function answerTo(
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
): { readonly status: number; readonly envelope: object } {
  const [path = '', query = ''] = url.split('?');
  const signed = { timestamp: String(headers['x-cpg-timestamp']), method, path, query, body };
  if (!verifyIntake(SECRET, signed, String(headers['x-cpg-signature'])))
    return { status: 401, envelope: { success: false, message: 'Invalid signature' } };
  if (body.includes('"amount":"26"'))
    return {
      status: 400,
      envelope: { success: false, message: 'Insufficient available balance for this withdrawal' },
    };
  const data = {
    withdrawal_id: 17,
    status: 'pending',
    amount_decimal: '25.000000',
    fee_decimal: '1',
  };
  return { status: 200, envelope: { success: true, message: 'OK', data } };
}
