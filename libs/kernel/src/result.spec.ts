import { ok, refuse, unreachable } from './result.js';

describe('Result', () => {
  it('carries a value or a refusal, distinguished by ok', () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 });
    expect(refuse({ kind: 'no' })).toEqual({ ok: false, refusal: { kind: 'no' } });
  });

  it('names an unexpected case', () => {
    expect(() => unreachable({ kind: 'new' } as never)).toThrow('unreachable case: {"kind":"new"}');
  });
});
