import type { ReactNode } from 'react';

/** Says how fresh the shown data are. */
export function LiveNote({ isConnected }: { readonly isConnected: boolean }): ReactNode {
  return (
    <span className="small muted" role="status">
      <span className={isConnected ? 'dot dot-good' : 'dot dot-wait'} aria-hidden="true" />
      {isConnected ? 'Live' : 'Read again every 30 s'}
    </span>
  );
}
