import { summaryOf } from './admin-calls.js';

describe('the summary of a body in the audit log', () => {
  it.each([
    ['{"amount":"5","list":[1],"by":"R. Ortiz","on":true}', 'amount: 5; by: R. Ortiz; on: true'],
    [
      '{"api_secret":"s3","token":"t","API_KEY":"k","note":"n"}',
      'api_secret: ***; token: ***; API_KEY: ***; note: n',
    ],
    ['', ''],
    ['[1]', ''],
    ['{"cut', ''],
  ])('of %s is its plain fields without a secret', (body, summary) => {
    expect(summaryOf(Buffer.from(body))).toBe(summary);
  });

  it('is short however long the body is', () => {
    const body = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`f${n}`, 'x'.repeat(999)]),
    );
    expect(summaryOf(Buffer.from(JSON.stringify(body)))).toHaveLength(500);
  });
});
