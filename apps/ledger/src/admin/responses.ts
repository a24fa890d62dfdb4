import { HttpException } from '@nestjs/common';
import type { Result } from '@sluice/result';
import type { BeforeCheckpoint } from '../postgres/ledger-queries.js';

export interface Success<T> {
  readonly success: true;
  readonly message: 'OK';
  readonly data: T;
}

/** A part of a list; `next_cursor` is null on the last page. */
export interface Page<T> extends Success<readonly T[]> {
  readonly next_cursor: string | null;
}

export function success<T>(data: T): Success<T> {
  return { success: true, message: 'OK', data };
}

/** An error in the shape that every endpoint answers with. */
export function failure(status: number, message: string): HttpException {
  return new HttpException({ success: false, message }, status);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Throws 400 for anything but a lower-case UUID: the database would fail on it. */
export function uuidParam(value: string, name: string): string {
  if (!UUID.test(value)) throw failure(400, `${name} must be a lower-case UUID`);
  return value;
}

/** Throws 410 for a moment before the newest checkpoint: its part of the journal is detached. */
export function successOrGone<T>(asked: Result<T, BeforeCheckpoint>): Success<T> {
  if (asked.ok) return success(asked.value);
  throw failure(
    410,
    `The journal before ${asked.refusal.until} is detached: what an account had before that is not known here`,
  );
}
