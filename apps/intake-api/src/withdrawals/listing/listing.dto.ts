import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  ClientReferenceField,
  Field,
  meaningIn,
  meansIdempotencyKey,
  RefuseMisspelt,
  TextField,
  WholeNumberField,
  WITHDRAWAL_TIMES,
} from '@sluice/http-api';
import { API_VENUES, lowerCase, programOf, upperCase, utcTime } from '@sluice/kernel';
import { PUBLIC_VIEW, type PublicStatus, WALLET } from '@sluice/withdrawal-core';
import {
  BLOCK_NUMBER,
  CONFIRMATIONS,
  NULLABLE_TEXT,
  STATUSES,
  withTimes,
} from '../answers/withdrawal.dto.js';

/**
 * Stages of a recorded withdrawal. `rejected` is excluded: a rejected request counts as never made.
 */
export const STAGES: readonly string[] = [
  ...new Set(Object.values(PUBLIC_VIEW).map(({ stage }) => stage)),
].filter((stage) => stage !== 'rejected');

/** Hints for a filter under another API's name. */
export const meantOfList = (letters: string): string | undefined =>
  meansIdempotencyKey(letters) ? 'client_reference' : undefined;

/** The code of a filter, in any case. */
const CODE = { max: 32 };
const MOST_ROWS = 200;
/**
 * Moment in UTC, also in the format of answers. In a query string an unescaped plus sign is read as
 * a blank.
 */
export function MomentField(description: string): PropertyDecorator {
  return Field(
    {
      check: (value) =>
        typeof value === 'string' && instant(value) !== null
          ? null
          : 'Input should be a UTC time such as 2026-11-20T08:00:00Z',
      schema: { type: 'string', format: 'date-time' },
    },
    { optional: true, description },
  );
}

/** Parses the value of a valid moment field. */
export function momentOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : (instant(text) ?? undefined);
}

function instant(text: string): Date | null {
  return utcTime(text.replace(/ 00:00$/, '+00:00'));
}

/** Row number as text, because the number may have more digits than a query's whole numbers. */
function CursorField(): PropertyDecorator {
  return Field(
    {
      check: (value) =>
        typeof value === 'string' && /^\d{1,16}$/.test(value)
          ? null
          : 'Input should be a valid integer',
      schema: { type: 'integer', minimum: 0, maximum: 9_999_999_999_999_999 },
    },
    {
      optional: true,
      description: '`next_cursor` of the previous page; omitted for the first page',
    },
  );
}

const VENUES = [...API_VENUES, WALLET];

function misspeltVenue(name: string): string | null {
  if (VENUES.some((venue) => venue === programOf(name))) return null;
  const meant = meaningIn(name, VENUES);
  return meant === undefined ? null : `Unknown venue; did you mean ${meant}?`;
}

/** A venue of this system in any case. A name nearly of a venue is refused, because no row has it. */
function VenueFilter(): PropertyDecorator {
  return TextField(
    { ...CODE, form: misspeltVenue },
    {
      optional: true,
      read: lowerCase,
      description: 'current venue, or the last venue of an ended withdrawal; in any case',
    },
  );
}

class PageQuery {
  @ChoiceField(STATUSES, { optional: true }) status?: PublicStatus;
  @TextField(CODE, { optional: true, read: upperCase }) currency?: string;
  @TextField(CODE, { optional: true, read: upperCase }) network?: string;
  @CursorField() cursor?: string;
  @WholeNumberField({ min: 1, max: MOST_ROWS }, { optional: true, description: 'default 50' })
  limit?: number;
}

/** The query of `GET /v1/withdrawals`. An unknown or empty filter is refused: a list without the filter would answer another question. */
@RefuseMisspelt(meantOfList)
export class WithdrawalsQuery extends PageQuery {
  @ChoiceField(STAGES, { optional: true }) stage?: string;
  @VenueFilter() venue?: string;
  @ClientReferenceField({ optional: true }) client_reference?: string;
  @MomentField('requested then or later') requested_since?: string;
  @MomentField('requested before then') requested_before?: string;
}

const DIRECTIONS = ['deposit', 'withdrawal', 'sweep', 'gas_topup'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The query of `GET /v1/transactions`. */
export class TransactionsQuery extends PageQuery {
  @ChoiceField(DIRECTIONS, { optional: true }) direction?: Direction;
}

class MovementDto {
  @ApiProperty({ type: 'integer' }) id!: number;
  @ApiProperty({ ...NULLABLE_TEXT, description: 'null until the transaction is on a chain' })
  tx_hash!: string | null;
  @ChoiceField(DIRECTIONS) direction!: Direction;
  @ChoiceField(STATUSES) status!: PublicStatus;
  @TextField() currency!: string;
  @TextField() network!: string;
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'address of our own wallet; null for a payment from an account at a venue',
  })
  from_address!: string | null;
  @TextField() to_address!: string;
  @TextField() amount_decimal!: string;
  @ApiProperty(CONFIRMATIONS) confirmations!: number | null;
  @ApiProperty(BLOCK_NUMBER) block_number!: number | null;
}

/** Withdrawal or wallet top-up, in the contract's form for transactions. */
export class TransactionDto extends withTimes(MovementDto, WITHDRAWAL_TIMES.transaction) {}
