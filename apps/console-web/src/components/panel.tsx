import { useId, type ReactNode } from 'react';

/** Part of a page with its own heading. `isFlush` is for tables without an inner margin. */
export function Panel({
  title,
  aside,
  isFlush = false,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {isFlush ? children : <div className="panel-body">{children}</div>}
    </section>
  );
}
