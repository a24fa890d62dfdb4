import { parseRunFile } from './run-file.js';

const INTERNAL = {
  intake_api: 'http://127.0.0.1:1/',
  ledger: 'http://127.0.0.1:2',
  connector_gateio: 'http://127.0.0.1:3',
};

describe('the run file', () => {
  it('tells where each service is, by its name', () => {
    const run = parseRunFile(
      JSON.stringify({
        intake_url: 'http://127.0.0.1:9/',
        internal: INTERNAL,
        demo: { key_id: 'k', secret: 's' },
        issuer: { token_url: 'http://127.0.0.1:8/token', people: { ada: 'p' } },
      }),
      'logs',
    );

    expect([...(run?.services ?? [])]).toEqual([
      ['intake-api', 'http://127.0.0.1:1'],
      ['ledger', 'http://127.0.0.1:2'],
      ['connector-gateio', 'http://127.0.0.1:3'],
    ]);
    expect(run).toMatchObject({
      intakeUrl: 'http://127.0.0.1:9',
      demo: { keyId: 'k', secret: 's' },
      people: { tokenUrl: 'http://127.0.0.1:8/token', passwords: new Map([['ada', 'p']]) },
    });
  });

  it.each(['', '[]', '{', '{"intake_url":"http://x"}', '{"internal":{}}'])('is not %s', (text) => {
    expect(parseRunFile(text, 'logs')).toBeUndefined();
  });
});
