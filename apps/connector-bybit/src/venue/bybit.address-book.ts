import { isObject, ok, refuse, type Result } from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { FreshAnswers } from '@sluice/connector-engine';
import { describe } from './bybit.answers.js';
import { resultOf, BybitClient } from './bybit.client.js';

const FRESH_MS = 60_000;
const PAGE = '50';
const MAX_PAGES = 200;
const CASELESS = /^0x[0-9a-fA-F]{40}$/;

/**
 * Bybit compares addresses letter by letter with its book: an EVM address is sent as the book
 * spells it. Presence is left to Bybit: a refusal is safe.
 */
@Injectable()
export class BybitAddressBook {
  /** Addresses in lower case → as the book writes them. */
  private readonly book = new FreshAnswers<'book', ReadonlyMap<string, readonly string[]>, string>(
    FRESH_MS,
  );

  constructor(@Inject(BybitClient) private readonly client: Pick<BybitClient, 'queryAddress'>) {}

  /** Returns the book's spelling; unchanged if missing, or if the given spelling is among several. */
  async spell(address: string): Promise<Result<string, string>> {
    if (!CASELESS.test(address)) return ok(address);
    const book = await this.book.of('book', () => this.ask());
    if (!book.ok) return book;
    const spellings = book.value.get(address.toLowerCase()) ?? [];
    return ok(spellings.includes(address) ? address : (spellings[0] ?? address));
  }

  private async ask(): Promise<Result<ReadonlyMap<string, readonly string[]>, string>> {
    const spellings = new Map<string, string[]>();
    let cursor = '';
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.client.queryAddress(
        new URLSearchParams({ limit: PAGE, ...(cursor !== '' && { cursor }) }),
      );
      const result = resultOf(answer);
      if (!result || !Array.isArray(result['rows']))
        return refuse(`the address book cannot be read: ${describe(answer)}`);
      for (const row of result['rows'] as unknown[]) note(spellings, row);
      cursor = typeof result['nextPageCursor'] === 'string' ? result['nextPageCursor'] : '';
      if (cursor === '') return ok(spellings);
    }
    return refuse(`the address book has more than ${MAX_PAGES} pages`);
  }
}

function note(spellings: Map<string, string[]>, row: unknown): void {
  const address = isObject(row) ? row['address'] : undefined;
  if (typeof address !== 'string' || !CASELESS.test(address)) return;
  spellings.set(address.toLowerCase(), [...(spellings.get(address.toLowerCase()) ?? []), address]);
}
