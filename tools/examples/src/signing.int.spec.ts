import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { LANGUAGES, Programs } from './languages.js';
import { ScriptedAnswers } from './testkit/reported-withdrawals.js';

interface RequestVector {
  readonly name: string;
  readonly secret: string;
  readonly timestamp: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly signature: string;
}

interface WebhookVector {
  readonly name: string;
  readonly secret: string;
  readonly now: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: 'genuine' | 'refused';
}

const read = <T>(file: string): readonly T[] =>
  JSON.parse(readFileSync(join(workspaceRoot(), file), 'utf8')) as T[];
const REQUESTS = read<RequestVector>('libs/signing/vectors/cpg.json');
const WEBHOOKS = read<WebhookVector>('examples/signing/webhooks.json');

const question = (word: string, ...fields: readonly string[]): string =>
  [word, ...fields.map((field) => Buffer.from(field).toString('base64'))].join(' ');

describe.each(LANGUAGES)('the example in $name', (language) => {
  /** Skipped tests are counted, and say here what they miss. */
  const withLanguage = language.isHere() ? it : it.skip;
  let programs: Programs;
  beforeAll(() => {
    if (language.isHere()) programs = new Programs(language);
  }, 120_000);
  afterAll(() => programs?.remove());

  withLanguage('signs each recorded request', () => {
    const questions = REQUESTS.map(({ secret, timestamp, method, path, query, body }) =>
      question('request', secret, timestamp, method, path, query, body),
    );

    expect(programs.check(questions)).toEqual(REQUESTS.map(({ signature }) => signature));
  });

  withLanguage(
    'takes webhooks of both schemes, and refuses what is old, changed or of another',
    () => {
      const questions = WEBHOOKS.map(({ secret, now, headers, body }) =>
        question('webhook', secret, now, ...Object.entries(headers).flat(), body),
      );

      expect(programs.check(questions)).toEqual(WEBHOOKS.map(({ answer }) => answer));
    },
  );

  withLanguage(
    'asks again with the same bytes and another timestamp, and says at last what it was told',
    async () => {
      const api = await ScriptedAnswers.start([
        ['cut'],
        [503, 'Service temporarily unavailable'],
        [401, 'Request signature has already been used'],
        [200, 'OK'],
      ]);
      const keys = { SLUICE_URL: api.url, SLUICE_KEY_ID: 'ck_1', SLUICE_SECRET: 'a-secret' };

      const paid = await programs.pay('order-1', keys);
      await api.stop();

      expect(paid).toMatchObject({ isDone: true });
      expect(JSON.parse(paid.stdout)).toMatchObject({ message: 'OK' });
      expect(api.arrived.map(({ isGenuine }) => isGenuine)).toEqual([true, true, true, true]);
      expect(new Set(api.arrived.map(({ body }) => body)).size).toBe(1);
      const seconds = api.arrived.map(({ timestamp }) => Number(timestamp));
      expect(new Set(seconds).size).toBe(4);
      // Drawn at random from 301 seconds: consecutive seconds would lie within ten.
      expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(10);
      expect(JSON.parse(api.arrived[0]?.body ?? '').client_reference).toBe('order-1');
    },
    120_000,
  );
});
