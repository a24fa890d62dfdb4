import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { ApiError } from './api-error.js';
import { ExactPipe } from './exact.pipe.js';
import {
  ChoiceField,
  DecimalField,
  Field,
  NestedListField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from './fields.js';
import { NumberText } from '@sluice/kernel';
import { RefuseMisspelt } from './misspelt.js';
import { RawBody } from './raw-body.js';

class Venue {
  @TextField({ max: 8 }) venue!: string;
  @DecimalField({}, { optional: true }) min_amount?: string | null;
}

class Order {
  @TextField({ max: 8, min: 2 }, { read: (text) => text.toUpperCase() }) currency!: string;
  @DecimalField({ moreThanZero: true }) amount!: string;
  @WholeNumberField({ min: 1, max: 9 }, { optional: true }) limit?: number;
  @ChoiceField(['on', 'off'], { optional: true }) state?: string;
  @NestedListField(() => Venue, { optional: true }) venues?: Venue[];
  @TextListField(
    { isGood: (text) => text === 'read', expected: 'a permission' },
    { optional: true },
  )
  permissions?: string[];
}

class Moment {
  @UuidField() id!: string;
  @TimeField({ optional: true }) at?: string;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true }) limit?: number;
}

class Ended {
  @TimeField({ nullable: true }) ended_at!: string | null;
}

/** Fields of a public contract: one of two, and of free text. */
class Payment {
  @TextField({ max: 8 }, { when: ({ to }) => to === undefined }) address?: string;
  @Field(
    {
      check: (value) => (value === 'nobody' ? '.kind: Field required' : null),
      schema: { type: 'object', additionalProperties: true },
    },
    { optional: true },
  )
  to?: unknown;
  @TextField({ max: 4, mayBeBlank: true }, { optional: true }) words?: string;
  @DecimalField({ maxWholeDigits: 2 }, { optional: true }) amount?: string;
}

@RefuseMisspelt((letters) => (letters === 'idempotencykey' ? 'client_reference' : undefined))
class Referenced {
  @TextField({}, { optional: true }) client_reference?: string;
  @TextField({}, { optional: true }) venue?: string;
}

const pipe = new ExactPipe();
const body = (text: string, contentType = 'application/json') =>
  pipe.transform(new RawBody(Buffer.from(text), contentType), { type: 'body', metatype: Order });
const query = (fields: object, metatype: Type = Moment) =>
  pipe.transform(fields, { type: 'query', metatype });

describe('ExactPipe', () => {
  it('refuses each unknown name in a query, with a hint where a name is near', () => {
    expect(() => query({ clientReference: 'x' }, Referenced)).toThrow(
      'clientReference: Unknown field; did you mean client_reference?',
    );
    expect(() => query({ idempotencyKey: 'x' }, Referenced)).toThrow('did you mean');
    expect(() => query({ x: '1' }, Referenced)).toThrow(/^x: Unknown field$/);
    expect(() => query({ id: '1', lmit: '5', [`y${'z'.repeat(99)}`]: '' })).toThrow(
      `lmit: Unknown field; did you mean limit?; y${'z'.repeat(39)}: Unknown field; id: Input`,
    );
  });

  it('reads a choice of a query in any case, and of a body as it is written', () => {
    expect(query({ currency: 'usdt', amount: '1', state: 'OFF' }, Order)).toMatchObject({
      state: 'off',
    });
    expect(() => query({ currency: 'usdt', amount: '1', state: 'half' }, Order)).toThrow(
      'state: Input should be one of on, off',
    );
    expect(() => body('{"currency":"usdt","amount":"1","state":"OFF"}')).toThrow(
      'state: Input should be one of on, off',
    );
  });

  it('takes null under any name as absent', () => {
    const read = (text: string) =>
      pipe.transform(new RawBody(Buffer.from(text), 'application/json'), {
        type: 'body',
        metatype: Referenced,
      });
    expect(read('{"clientReference":null,"idempotency_key":null}')).toEqual({});
  });

  it('reads a body into its class, with every digit of a number and without unknown fields', () => {
    const order = body(
      '{"currency":"usdt","amount":0.1000000000000000000000000001,"limit":3,"x":1}',
    );

    expect(order).toBeInstanceOf(Order);
    expect(order).toEqual({
      currency: 'USDT',
      amount: '0.1000000000000000000000000001',
      limit: 3,
    });
  });

  it('takes null for a field that may be absent', () => {
    expect(body('{"currency":"USDT","amount":"1","limit":null,"venues":null}')).toEqual({
      currency: 'USDT',
      amount: '1',
      limit: null,
      venues: null,
    });
  });

  it('reports all faults together, in the order of the fields and down into lists', () => {
    expect(() =>
      body(
        '{"currency":"x","amount":-1,"limit":10,"state":"half","venues":[{"venue":"a"},{"min_amount":"x"}],"permissions":["read","fly"]}',
      ),
    ).toThrow(
      'currency: String should have at least 2 characters; amount: Input should be greater than 0; limit: Input should be a whole number from 1 to 9; ' +
        'state: Input should be one of on, off; venues.1.venue: Field required; venues.1.min_amount: Input should be a valid decimal; permissions: "fly" is not a permission',
    );
  });

  it.each(['2026-02-30T00:00:00Z', '2026-11-20T24:00:00Z', '2026-11-20T08:00:00+00:00'])(
    'refuses the time %s',
    (at) => {
      const id = '0198c3a8-0000-7000-8000-000000000001';
      expect(() => query({ id, at })).toThrow('at: Input should be a UTC time such as');
    },
  );

  it('knows no year 0, as no database does', () => {
    const id = '0198c3a8-0000-7000-8000-000000000001';
    expect(() => query({ id, at: '0000-01-01T00:00:00Z' })).toThrow('at: Input should be a UTC');
    expect(query({ id, at: '0001-01-01T00:00:00Z' })).toMatchObject({ id });
  });

  it.each([
    ['{}', 'currency: Field required; amount: Field required'],
    [
      '{"currency":7,"amount":true}',
      'currency: Input should be a valid string; amount: Input should be a valid decimal',
    ],
    [
      '{"currency":"\\u0000a","amount":"1e3"}',
      'currency: String should contain valid characters only; amount: Input should be a valid decimal',
    ],
    ['{"currency":"usdt","amount":"0.0"}', 'amount: Input should be greater than 0'],
    ['{"currency":"usdt","amount":"1","venues":{}}', 'venues: Input should be a list'],
    ['{"currency":"usdt","amount":"1","venues":[7]}', 'venues.0.venue: Field required'],
    ['{"currency":"usdt","amount":"1","amount":"2"}', 'body: Input should name each field once'],
    [
      '{"currency":"usdt","amount":"1","limit":"3"}',
      'limit: Input should be a whole number from 1 to 9',
    ],
    [
      '{"currency":"usdt","amount":"1","limit":1.5}',
      'limit: Input should be a whole number from 1 to 9',
    ],
    ['[]', 'body: Input should be a valid object'],
    ['', 'body: Field required'],
  ])('refuses %s', (text, message) => {
    expect(() => body(text)).toThrow(new RegExp(`^${message.replaceAll('.', '\\.')}$`));
  });

  it.each([undefined, new RawBody(Buffer.alloc(0), undefined)])(
    'refuses an absent body, whatever its fields are',
    (absent) => {
      expect(() => pipe.transform(absent, { type: 'body', metatype: Ended })).toThrow(
        /^body: Field required$/,
      );
    },
  );

  it('takes null for a field that is nullable, and not nothing', () => {
    const read = (text: string) =>
      pipe.transform(new RawBody(Buffer.from(text), 'application/json'), {
        type: 'body',
        metatype: Ended,
      });

    expect(read('{"ended_at":null}')).toEqual({ ended_at: null });
    expect(() => read('{}')).toThrow('ended_at: Field required');
  });

  const payment = (text: string) =>
    pipe.transform(new RawBody(Buffer.from(text), 'application/json'), {
      type: 'body',
      metatype: Payment,
    });

  it('asks for a field only with the others that it belongs to', () => {
    expect(payment('{"to":{"deep":[1]}}')).toEqual({ to: { deep: [new NumberText('1')] } });
    expect(payment('{"to":{},"address":7}')).toMatchObject({
      address: new NumberText('7'),
    });
    expect(() => payment('{}')).toThrow('address: Field required');
    expect(() => payment('{"address":null}')).toThrow('address: Input should be a valid string');
  });

  it('names the part of a value that is wrong', () => {
    expect(() => payment('{"to":"nobody"}')).toThrow(/^to\.kind: Field required$/);
  });

  it('takes blanks where a contract does, and counts the digits that matter', () => {
    expect(payment('{"to":1,"words":"  ","amount":"0012.5"}')).toMatchObject({ words: '  ' });
    expect(() => payment('{"address":" ","amount":"112"}')).toThrow(
      'address: String should not be blank; amount: Decimal input should have no more than 2 digits before the decimal point',
    );
  });

  it('does not read unknown fields, and refuses a body deeper than the stack', () => {
    const deep = `${'['.repeat(1_500)}${']'.repeat(1_500)}`;

    expect(payment(`{"to":1,"unknown":${deep}}`)).toEqual({ to: new NumberText('1') });
    expect(() => payment(`{"address":${deep}}`)).toThrow(ApiError);
  });

  it('leaves alone what a decorator of ours has taken from the request', () => {
    expect(pipe.transform(7, { type: 'custom', metatype: Number })).toBe(7);
  });

  it('refuses a body of another content type', () => {
    expect(() => body('{}', 'text/plain')).toThrow('Content-Type must be application/json');
  });

  it('reads whole numbers of a query from their text, and refuses a field that is there twice', () => {
    const id = '0198c3a8-0000-7000-8000-000000000001';
    expect(query({ id, limit: '20' })).toEqual({ id, limit: 20 });
    expect(() => query({ id: [id, id], at: 'yesterday' })).toThrow(
      'id: Input should be a lower-case UUID; at: Input should be a UTC time such as 2026-11-20T08:00:00.000Z',
    );
  });

  it.each([
    ['clientReference', 'client_reference'],
    ['Client-Reference', 'client_reference'],
    ['client_refrence', 'client_reference'],
    ['clent_referense', 'client_reference'],
    ['idempotency_key', 'client_reference'],
    ['Venue', 'venue'],
    ['venu', 'venue'],
    ['veune', 'venue'],
  ])('refuses %s, which nearly is a name of ours, with a hint', (name, meant) => {
    const read = (text: string) =>
      pipe.transform(new RawBody(Buffer.from(text), 'application/json'), {
        type: 'body',
        metatype: Referenced,
      });
    expect(() => read(JSON.stringify({ [name]: 'x' }))).toThrow(
      new RegExp(`^${name}: Unknown field; did you mean ${meant}\\?$`),
    );
    expect(read('{"memo":"x","note":"y","reason":"z","value":1}')).toEqual({});
  });
});
