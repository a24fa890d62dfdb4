import fc from 'fast-check';
import { intakeCanonical, signIntake, verifyIntake, type IntakeRequest } from './intake.js';

const SECRET = 'intake-secret';

const aRequest = (change: Partial<IntakeRequest> = {}): IntakeRequest => ({
  timestamp: '1747444800',
  method: 'GET',
  path: '/v1/balances',
  query: 'currency=USDT&network=ETH',
  body: '',
  ...change,
});

const anyRequest = fc.record({
  timestamp: fc.nat().map(String),
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.webPath(),
  query: fc.string(),
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
});

describe('intakeCanonical', () => {
  it('keeps the query as sent: not sorted, not decoded', () => {
    expect(intakeCanonical(aRequest({ query: 'z=%2F+%&a=1' }))).toContain('\nz=%2F+%&a=1\n');
  });

  it('keeps the empty line of a request without query', () => {
    expect(intakeCanonical(aRequest({ query: '' }))).toContain('/v1/balances\n\n');
  });
});

describe('verifyIntake', () => {
  it('accepts what signIntake signed', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect(verifyIntake(SECRET, request, signIntake(SECRET, request))).toBe(true);
      }),
    );
  });

  it('refuses a body with any one bit changed', () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), fc.nat(7), (request, at, bit) => {
        const body = request.body.map((byte, index) =>
          index === at % request.body.length ? byte ^ (1 << bit) : byte,
        );

        expect(verifyIntake(SECRET, { ...request, body }, signIntake(SECRET, request))).toBe(false);
      }),
    );
  });

  it.each([
    ['timestamp', aRequest({ timestamp: '1747444801' })],
    ['method', aRequest({ method: 'POST' })],
    ['path', aRequest({ path: '/v1/balance' })],
    ['case of the query', aRequest({ query: 'currency=usdt&network=ETH' })],
  ])('refuses a changed %s', (_part, changed) => {
    expect(verifyIntake(SECRET, changed, signIntake(SECRET, aRequest()))).toBe(false);
  });

  it('refuses another secret, an upper-case copy and a signature of another length', () => {
    const signature = signIntake(SECRET, aRequest());

    expect(verifyIntake('other', aRequest(), signature)).toBe(false);
    expect(verifyIntake(SECRET, aRequest(), signature.toUpperCase())).toBe(false);
    expect(verifyIntake(SECRET, aRequest(), `${signature}0`)).toBe(false);
  });
});
