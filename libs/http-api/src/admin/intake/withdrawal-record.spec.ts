import 'reflect-metadata';
import { WithdrawalDto } from './withdrawal.dto.js';
import { LISTED_WITHDRAWAL, SHOWN_WITHDRAWAL, WithdrawalRowDto } from './withdrawal-record.js';

/** Fields of a DTO in the OpenAPI document. */
function fieldsOf({ prototype }: { prototype: object }): string[] {
  const fields = Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) as string[];
  return fields.map((field) => field.slice(1));
}

describe('admin views of a withdrawal', () => {
  it.each([
    ['list', WithdrawalRowDto, LISTED_WITHDRAWAL, ['status', 'stage']],
    [
      'details',
      WithdrawalDto,
      SHOWN_WITHDRAWAL,
      ['status', 'stage', 'awaits', 'trace_id', 'routing', 'history', 'cases'],
    ],
  ])('%s: the columns of the table, and what is computed', (_view, dto, columns, computed) => {
    const names = Object.values(columns).map(({ column }) => column);
    expect(fieldsOf(dto).sort()).toEqual([...names, ...computed].sort());
  });
});
