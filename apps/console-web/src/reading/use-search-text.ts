import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { SearchText } from '../format/search-text.js';

/** Search parameters of the address. The page's own parser gives them their meaning. */
export function useSearchText(): SearchText {
  return useSearch({ strict: false });
}

/** Changes parameters of the address; an empty text removes a parameter. */
export function useChangeSearch(): (changes: SearchText) => Promise<void> {
  const navigate = useNavigate();
  const search = useSearchText();
  return (changes) => navigate({ to: '.', search: { ...search, ...changes } });
}

/** Part of the address's path; empty without. */
export function usePathText(name: string): string {
  const value: unknown = useParams({ strict: false, select: (path: object) => textIn(path, name) });
  return typeof value === 'string' ? value : '';
}

function textIn(path: object, name: string): string {
  return new Map<string, string>(Object.entries(path)).get(name) ?? '';
}
