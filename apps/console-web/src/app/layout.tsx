import { useMutation } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { ActionHost } from '../actions/action-host.js';
import { Message } from '../components/message.js';
import { takeFocus } from '../components/take-focus.js';
import { useSession } from '../session/session-provider.js';
import { ThemeSwitch } from './theme-switch.js';

const PAGES = [
  ['/', 'Now'],
  ['/decide', 'To decide'],
  ['/withdrawals', 'Withdrawals'],
  ['/accounts', 'Accounts'],
  ['/venues', 'Venues'],
  ['/wallet', 'Wallet'],
  ['/ledger', 'Ledger'],
  ['/policy', 'Policy'],
  ['/terms', 'Terms'],
  ['/audit', 'Audit'],
  ['/system', 'System'],
] as const;

/** Frame of every page: navigation, the signed-in person, and the page itself. */
export function Layout(): ReactNode {
  return (
    <div className="frame">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          Sluice
        </Link>
        <nav aria-label="Pages" className="pages">
          <ul>
            {PAGES.map(([to, name]) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Person />
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <ActionHost />
    </div>
  );
}

function Person(): ReactNode {
  const { session, leave } = useSession();
  const { mutate, error, isPending } = useMutation({ mutationFn: leave });
  const menu = useRef<HTMLDetailsElement>(null);
  const { pathname } = useLocation();
  useEffect(() => menu.current?.removeAttribute('open'), [pathname]);
  const closeByEscape = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape' || menu.current?.open !== true) return;
    menu.current.open = false;
    takeFocus(menu.current.querySelector('summary'));
  };
  return (
    <details className="person" ref={menu} onKeyDown={closeByEscape}>
      <summary>
        <span>{session.name}</span>
      </summary>
      <div className="person-menu">
        <p>
          {session.roles.length === 0 ? 'No role' : `Roles: ${session.roles.join(', ')}`}
          <br />
          <span className="muted">Sluice {session.version}</span>
        </p>
        <ThemeSwitch />
        <Link to="/passkeys">Passkeys</Link>
        <Link to="/sessions">Sessions</Link>
        <button
          type="button"
          className="button"
          aria-disabled={isPending}
          onClick={() => {
            if (!isPending) mutate();
          }}
        >
          Log out
        </button>
        {error !== null && (
          <Message tone="bad" isResult>
            You may still be logged in: {error.message}.
          </Message>
        )}
      </div>
    </details>
  );
}
