/** What every success has around its data. */
export interface Success<T> {
  readonly success: true;
  readonly message: 'OK';
  readonly data: T;
}

/** A whole set. */
export interface List<T> extends Success<readonly T[]> {
  readonly data_count: number;
}

/** A part of a set; `next_cursor` is null on the last one. */
export interface Page<T> extends List<T> {
  readonly next_cursor: string | null;
}

/** A part of a set in the order of its numbers; `next_cursor` is that of its last row, and null on the last part. */
export interface NumberedPage<T> extends List<T> {
  readonly next_cursor: number | null;
  readonly has_more: boolean;
}

/** Every failure: its message, and where it is of something that exists, of what. */
export interface Failure {
  readonly success: false;
  readonly message: string;
  readonly data?: object;
}

/** Answered by a controller whose list goes on under a cursor. */
export class PageOf<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextCursor: string | null,
  ) {}
}

/** Answered by a controller whose list goes on below a number. */
export class NumberedPageOf<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextCursor: number | null,
  ) {}
}

export function success<T>(data: T): Success<T> {
  return { success: true, message: 'OK', data };
}

export function list<T>(data: readonly T[]): List<T> {
  return { ...success(data), data_count: data.length };
}

export function page<T>({ items, nextCursor }: PageOf<T>): Page<T> {
  return { ...list(items), next_cursor: nextCursor };
}

export function failure(message: string, data?: object): Failure {
  return { success: false, message, ...(data && { data }) };
}

export function numberedPage<T>({ items, nextCursor }: NumberedPageOf<T>): NumberedPage<T> {
  return { ...list(items), next_cursor: nextCursor, has_more: nextCursor !== null };
}
