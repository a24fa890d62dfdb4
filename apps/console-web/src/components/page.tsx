import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { visibleText } from '../format/visible-text.js';

/** False until the first page is shown: the browser's own focus stays there. */
let hasShownPage = false;

/** A route's content with its heading, which is also the title of the document. */
export function Page({
  title,
  aside,
  children,
}: {
  readonly title: string;
  /** Controls beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${visibleText(title)} – Sluice`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // Keyboards and screen readers begin at the heading of the new page.
    if (hasShownPage) heading.current?.focus({ preventScroll: true });
    hasShownPage = true;
  }, [pathname]);
  return (
    <article className="page">
      <header className="page-head">
        <h1 tabIndex={-1} ref={heading}>
          {visibleText(title)}
        </h1>
        {aside}
      </header>
      {children}
    </article>
  );
}
