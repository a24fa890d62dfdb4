import { isObject } from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { monotonicMs } from '@sluice/runtime';
import { describe } from './bybit.answers.js';
import { resultOf, BybitClient } from './bybit.client.js';

type Spelled = { kind: 'spelled'; address: string } | { kind: 'unavailable'; cause: string };

interface Reading {
  readonly at: number;
  /** Addresses in lower case → as the book writes them. */
  readonly spellings: ReadonlyMap<string, readonly string[]>;
}

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
  private reading: Reading | null = null;
  private asking: Promise<Reading | string> | null = null;

  constructor(@Inject(BybitClient) private readonly client: Pick<BybitClient, 'queryAddress'>) {}

  /** Returns the book's spelling; unchanged if missing, or if the given spelling is among several. */
  async spell(address: string): Promise<Spelled> {
    if (!CASELESS.test(address)) return { kind: 'spelled', address };
    const reading = await this.read();
    if (typeof reading === 'string') return { kind: 'unavailable', cause: reading };
    const spellings = reading.spellings.get(address.toLowerCase()) ?? [];
    return {
      kind: 'spelled',
      address: spellings.includes(address) ? address : (spellings[0] ?? address),
    };
  }

  private async read(): Promise<Reading | string> {
    if (this.reading && monotonicMs() - this.reading.at < FRESH_MS) return this.reading;
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(): Promise<Reading | string> {
    const spellings = new Map<string, string[]>();
    let cursor = '';
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.client.queryAddress(
        new URLSearchParams({ limit: PAGE, ...(cursor !== '' && { cursor }) }),
      );
      const result = resultOf(answer);
      if (!result || !Array.isArray(result['rows']))
        return `the address book cannot be read: ${describe(answer)}`;
      for (const row of result['rows'] as unknown[]) note(spellings, row);
      cursor = typeof result['nextPageCursor'] === 'string' ? result['nextPageCursor'] : '';
      if (cursor === '') return (this.reading = { at: monotonicMs(), spellings });
    }
    return `the address book has more than ${MAX_PAGES} pages`;
  }
}

function note(spellings: Map<string, string[]>, row: unknown): void {
  const address = isObject(row) ? row['address'] : undefined;
  if (typeof address !== 'string' || !CASELESS.test(address)) return;
  spellings.set(address.toLowerCase(), [...(spellings.get(address.toLowerCase()) ?? []), address]);
}
