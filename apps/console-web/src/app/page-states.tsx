import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../components/page.js';

export function NotFound(): ReactNode {
  return (
    <Page title="No such page">
      <p>
        The console has no page at this address. <Link to="/">Go to Now</Link>.
      </p>
    </Page>
  );
}

export function PageLoading(): ReactNode {
  return (
    <p className="muted" role="status" data-loading>
      The page is loading.
    </p>
  );
}

export function PageFault({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <Page title="This page failed">
      <p role="alert">{error instanceof Error ? error.message : 'The cause is unknown.'}</p>
      <p>No decision was changed by this fault.</p>
      <button type="button" className="button" onClick={reset}>
        Show the page again
      </button>
    </Page>
  );
}
