import { parseRunFile } from './run-file.js';

const INTERNAL = {
  token: 't',
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
      token: 't',
      demo: { keyId: 'k', secret: 's' },
    });
  });

  it.each([
    '',
    '[]',
    '{',
    '{"intake_url":"http://x"}',
    '{"intake_url":"http://x","internal":{}}',
    '{"internal":{"token":"t"}}',
  ])('is not %s', (text) => {
    expect(parseRunFile(text, 'logs')).toBeUndefined();
  });
});
