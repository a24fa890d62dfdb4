import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSearchText } from './use-search-text.js';

export type PartNames = readonly (readonly [part: string, name: string])[];

/** Part of a page by the parameter `part`; the first part is the default. */
export function usePart(parts: PartNames): string {
  const { part } = useSearchText();
  const [[first] = [''], ...others] = parts;
  return others.some(([name]) => name === part) && part !== undefined ? part : first;
}

/** Links to the parts of a page. Each part has its own address. */
export function Parts({
  label,
  parts,
}: {
  readonly label: string;
  readonly parts: PartNames;
}): ReactNode {
  const open = usePart(parts);
  return (
    <nav aria-label={label} className="parts">
      <ul>
        {parts.map(([part, name], at) => (
          <li key={part}>
            <Link
              to="."
              search={at === 0 ? {} : { part }}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={part === open ? 'page' : undefined}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
