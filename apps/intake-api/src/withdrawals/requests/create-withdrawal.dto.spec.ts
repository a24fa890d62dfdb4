import 'reflect-metadata';
import fc from 'fast-check';
import { ExactPipe, RawBody, type ApiError } from '@sluice/http-api';
import { askedIn } from '@sluice/messages';
import { ok, refuse, type Result } from '@sluice/kernel';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';
import { CreateWithdrawalDto, requestOf } from './create-withdrawal.dto.js';

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const GOOD = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };

const pipe = new ExactPipe();

/** Through the pipe, as every body comes. */
function read(text: string): Result<WithdrawalRequest, readonly string[]> {
  const body = new RawBody(Buffer.from(text), 'application/json');
  try {
    const dto = pipe.transform(body, { type: 'body', metatype: CreateWithdrawalDto });
    return ok(requestOf(dto as CreateWithdrawalDto));
  } catch (error) {
    return refuse((error as ApiError).message.split('; '));
  }
}

function faultsOf(change: Record<string, unknown>): readonly string[] {
  const answer = read(JSON.stringify({ ...GOOD, ...change }));
  return answer.ok ? [] : answer.refusal;
}

function amountOf(source: string): string {
  const answer = read(
    `{"currency":"USDT","network":"ETH","to_address":"${ADDRESS}","amount":${source}}`,
  );
  return answer.ok ? answer.value.amount : answer.refusal.join('; ');
}

const UID = { type: 'venue_account', kind: 'uid', value: '12345678' };

describe('the header Idempotency-Key', () => {
  const dto = Object.assign(new CreateWithdrawalDto(), { ...GOOD });

  it.each(['', 'x'.repeat(129), 'fünf', 'a\tb', 'a\u0085'])('is refused as %j', (header) => {
    expect(() => requestOf(dto, header)).toThrow('Idempotency-Key: Header should');
  });

  it('is the client reference', () => {
    expect(requestOf(dto, 'order 1').clientReference).toBe('order 1');
  });
});

describe('CreateWithdrawalDto', () => {
  it('reads the five documented fields, codes in upper case', () => {
    expect(
      read(JSON.stringify({ ...GOOD, currency: 'usdt', network: 'eth', client_reference: 'r-1' })),
    ).toEqual({
      ok: true,
      value: {
        currency: 'USDT',
        network: 'ETH',
        destination: { type: 'address', address: ADDRESS.toLowerCase() },
        givenAddress: ADDRESS,
        amount: '50',
        clientReference: 'r-1',
        venue: null,
      },
    });
  });

  it('names every fault at once, joined field by field', () => {
    expect(read('{}')).toEqual({
      ok: false,
      refusal: [
        'currency: Field required',
        'network: Field required',
        'to_address: Field required',
        'amount: Field required',
      ],
    });
    expect(faultsOf({ amount: '0', to_address: '0xshort' })).toEqual([
      'to_address: String should have at least 10 characters',
      'amount: Input should be greater than 0',
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ currency: '' }, 'currency: String should have at least 1 characters'],
    [{ currency: 'X'.repeat(33) }, 'currency: String should have at most 32 characters'],
    [{ currency: 7 }, 'currency: Input should be a valid string'],
    [{ currency: null }, 'currency: Input should be a valid string'],
    [{ network: '' }, 'network: String should have at least 1 characters'],
    [{ network: 'X'.repeat(33) }, 'network: String should have at most 32 characters'],
    [{ network: ['ETH'] }, 'network: Input should be a valid string'],
    [{ to_address: '123456789' }, 'to_address: String should have at least 10 characters'],
    [{ to_address: 'x'.repeat(257) }, 'to_address: String should have at most 256 characters'],
    [{ to_address: true }, 'to_address: Input should be a valid string'],
    [{ client_reference: '' }, 'client_reference: String should have at least 1 characters'],
    [
      { client_reference: 'r'.repeat(129) },
      'client_reference: String should have at most 128 characters',
    ],
    [
      { client_reference: 'a\nb' },
      'client_reference: String should contain valid characters only, not U+000A',
    ],
    [
      { client_reference: 'a\u200bb' },
      'client_reference: String should contain valid characters only, not U+200B',
    ],
    ...[' ', '\u00a0', 'a ', ' a', 'a\u3000', '\u2028'].map(
      (client_reference) =>
        [{ client_reference }, 'client_reference: String should not begin or end with a blank'] as [
          Record<string, unknown>,
          string,
        ],
    ),
    [{ client_reference: 5 }, 'client_reference: Input should be a valid string'],
    [{ client_reference: 'a\0b' }, 'client_reference: String should contain valid characters only'],
    [
      { client_reference: '\ud83d' },
      'client_reference: String should contain valid characters only',
    ],
    [{ to_address: `${ADDRESS}\0` }, 'to_address: String should contain valid characters only'],
    [{ venue: 'x'.repeat(33) }, 'venue: String should have at most 32 characters'],
    [{ destination: UID }, 'destination: Only one of to_address and destination may be given'],
    [{ to_address: null, destination: null }, 'to_address: Input should be a valid string'],
    [{ to_address: undefined, destination: [] }, 'destination: Input should be a valid object'],
    [
      { to_address: undefined, destination: { type: 'cheque' } },
      "destination.type: Input should be 'address', 'venue_account' or 'reference_account'",
    ],
    [
      { to_address: undefined, destination: { type: 'venue_account', kind: 'uid' } },
      'destination.value: Field required',
    ],
    [
      { to_address: undefined, destination: { ...UID, value: 12345678 } },
      'destination.value: Input should be a valid string',
    ],
    [
      { to_address: undefined, destination: { ...UID, value: 'a\0' } },
      'destination.value: String should contain valid characters only, not U+0000',
    ],
    [
      { to_address: undefined, destination: { ...UID, kind: 'name' } },
      "destination.kind: Input should be 'uid', 'cid', 'email' or 'phone'",
    ],
  ])('refuses %j', (change, fault) => {
    expect(faultsOf(change)).toEqual([fault]);
  });

  it.each([
    { currency: 'X'.repeat(32) },
    { to_address: '1234567890' },
    { to_address: 'x'.repeat(256) },
    { client_reference: 'r'.repeat(128) },
    { client_reference: 'ż'.repeat(128) },
    { client_reference: '出金-🔑-№1' },
    { client_reference: null },
    { venue: null },
    { note: 'an unknown field', nested: { deep: [1], memo: '7' } },
    { memo: null, tag: null, requestId: null },
    { client_reference: 'order 1' },
  ])('takes %j', (change) => {
    expect(faultsOf(change)).toEqual([]);
  });

  it('counts the code points of a reference, as the published schema does', () => {
    expect(faultsOf({ client_reference: '🔑'.repeat(128) })).toEqual([]);
    expect(faultsOf({ client_reference: '🔑'.repeat(129) })).toEqual([
      'client_reference: String should have at most 128 characters',
    ]);
  });

  it('takes null for a field that is left out', () => {
    const [byAddress, byDestination] = [
      read(JSON.stringify({ ...GOOD, destination: null, venue: null })),
      read(JSON.stringify({ ...GOOD, to_address: null, destination: UID })),
    ];
    expect([byAddress, byDestination]).toMatchObject([
      { ok: true, value: { givenAddress: ADDRESS, venue: null } },
      { ok: true, value: { destination: UID } },
    ]);
  });

  it('takes the documented fields of a destination alone', () => {
    const body = (more: string) =>
      `{"currency":"USDT","network":"ETH","amount":"1","destination":{"type":"venue_account","kind":"uid","value":"12345678","area_code":"48"${more}}}`;
    const answer = read(body(''));
    expect(answer.ok && answer.value.destination).toEqual({ ...UID, areaCode: '48' });
    for (const [more, name] of [
      [',"admin":true', 'admin'],
      [',"__proto__":1', '__proto__'],
      [',"memo":"7"', 'memo'],
    ] as const)
      expect(read(body(more))).toEqual({
        ok: false,
        refusal: [`destination.${name}: Unknown field`],
      });
  });

  it('takes nothing from a __proto__ field', () => {
    expect(amountOf('"1","__proto__":{"client_reference":"x","venue":"bank"}')).toBe('1');
    expect(
      read(
        '{"__proto__":{"currency":"USDT","network":"ETH","to_address":"1234567890","amount":"1"}}',
      ).ok,
    ).toBe(false);
    expect(({} as Record<string, unknown>)['currency']).toBeUndefined();
  });
});

describe('the reading of a body', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  const anyAmount = fc.oneof(
    fc.stringMatching(/^\d{1,5}(\.\d{1,5})?$/),
    fc.stringMatching(/^[1-9]\d{0,30}(\.\d{1,30})?$/).map((digits) => `number ${digits}`),
  );
  const anyDestination = fc.record(
    {
      type: fc.constantFrom('address', 'venue_account', 'cheque'),
      address: text,
      memo: text,
      kind: fc.constantFrom('uid', 'email'),
      value: text,
      extra: text,
    },
    { requiredKeys: ['type'] },
  );
  const anyBody = fc.record(
    {
      currency: fc.oneof(fc.constantFrom('USDT', 'usdt', 'uſdt'), text),
      network: fc.oneof(fc.constantFrom('ETH', 'eth'), text),
      to_address: fc.option(fc.string({ minLength: 10, maxLength: 50 })),
      destination: fc.option(anyDestination),
      amount: fc.oneof(anyAmount, fc.string(), fc.double()),
      client_reference: fc.option(text),
      venue: fc.option(text),
      other: fc.json(),
    },
    { requiredKeys: ['currency', 'network', 'amount'] },
  );

  it('is the ledger’s too: of whatever is taken here it finds the same order in the bytes', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyBody, fc.constantFrom(0, 2), (body, indent) => {
        const bytes = JSON.stringify(body, null, indent).replace(/"number (.*?)"/, '$1');
        const answer = read(bytes);
        if (!answer.ok) return;
        taken += 1;
        expect(askedIn(bytes)).toEqual(answer.value);
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('amount', () => {
  it.each([
    ['"50"', '50'],
    ['"50.00"', '50.00'],
    ['"007.5"', '007.5'],
    ['50', '50'],
    ['0.1', '0.1'],
    ['50.000000', '50.000000'],
    ['0.123456789012345678901234567891', '0.123456789012345678901234567891'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678.123456789012345678', '123456789012345678.123456789012345678'],
    [`"${'9'.repeat(22)}"`, '9'.repeat(22)],
    [`"00${'9'.repeat(22)}"`, `00${'9'.repeat(22)}`],
  ])('keeps every digit of %s', (source, text) => {
    expect(amountOf(source)).toBe(text);
  });

  it.each([
    ['0', 'greater than 0'],
    ['0.0', 'greater than 0'],
    ['"0.000"', 'greater than 0'],
    ['-1', 'greater than 0'],
    ['-0', 'greater than 0'],
    ['"-0.5"', 'greater than 0'],
    ['1e2', 'a valid decimal'],
    ['1E-8', 'a valid decimal'],
    ['"1e2"', 'a valid decimal'],
    ['"+1"', 'a valid decimal'],
    ['".5"', 'a valid decimal'],
    ['"5."', 'a valid decimal'],
    ['" 1"', 'a valid decimal'],
    ['"1,000"', 'a valid decimal'],
    ['"1_000"', 'a valid decimal'],
    ['"0x10"', 'a valid decimal'],
    ['"NaN"', 'a valid decimal'],
    ['"Infinity"', 'a valid decimal'],
    ['"١٢"', 'a valid decimal'],
    ['""', 'a valid decimal'],
    ['null', 'a valid decimal'],
    ['true', 'a valid decimal'],
    ['["1"]', 'a valid decimal'],
    ['{"text":"1"}', 'a valid decimal'],
    [`"0.${'1'.repeat(31)}"`, 'a valid decimal'],
  ])('refuses %s: it should be %s', (source, should) => {
    expect(amountOf(source)).toBe(`amount: Input should be ${should}`);
  });

  it.each([`"${'9'.repeat(23)}"`, '9'.repeat(39), `1${'0'.repeat(22)}.5`])(
    'refuses %s: with its fee it might not fit any more',
    (source) => {
      expect(amountOf(source)).toBe(
        'amount: Decimal input should have no more than 22 digits before the decimal point',
      );
    },
  );

  it.each(['NaN', 'Infinity', '01', '.5', "'1'"])('%s is not JSON', (source) => {
    expect(amountOf(source)).toBe('body: Input should be valid JSON');
  });
});
