import type { ReactNode } from 'react';
import { visibleText } from '../format/visible-text.js';

/** Text of a venue or a customer: isolated, with visible control characters. */
export function Foreign({ text }: { readonly text: string }): ReactNode {
  return <bdi className="foreign">{visibleText(text)}</bdi>;
}
