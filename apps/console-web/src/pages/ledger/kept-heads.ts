import type { ChainHeadDto } from '@sluice/http-api';

interface KeptHeads {
  readonly heads: readonly ChainHeadDto[];
  /** Why the text has no heads; null if it has, or is empty. */
  readonly fault: string | null;
}

/** Reads pasted heads: a list, or an earlier proof that contains one. The ledger checks each head. */
export function keptHeads(text: string): KeptHeads {
  if (text.trim() === '') return { heads: [], fault: null };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { heads: [], fault: 'The text is no JSON.' };
  }
  const { chain, heads } = Object(document) as { chain?: unknown; heads?: unknown };
  const list = [document, heads, (Object(chain) as { heads?: unknown }).heads].find(Array.isArray);
  const found = (list ?? []) as readonly unknown[];
  return found.length > 0 && found.every(isHead)
    ? { heads: found, fault: null }
    : { heads: [], fault: 'The text has no heads with shard, sequence and hash.' };
}

function isHead(value: unknown): value is ChainHeadDto {
  const { shard, sequence, hash } = Object(value) as Partial<Record<keyof ChainHeadDto, unknown>>;
  return (
    (typeof shard === 'number' || typeof shard === 'string') &&
    typeof sequence === 'string' &&
    typeof hash === 'string'
  );
}
