import { secretData } from './secrets.js';

describe('the data of a Secret', () => {
  it("has the chart's keys, each with what the service would have read", () => {
    expect(secretData(['DATABASE_URL'], { DATABASE_URL: 'postgres://x', PORT: '1' })).toEqual({
      'database-url': 'postgres://x',
    });
  });

  it('is refused where the stack lacks what the chart asks for', () => {
    expect(() => secretData(['CHAIN_KEY'], {})).toThrow(
      'the stack has no CHAIN_KEY, which the chart requires',
    );
  });
});
