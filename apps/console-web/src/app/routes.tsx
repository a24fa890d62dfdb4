import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Layout } from './layout.js';
import { NotFound, PageFault, PageLoading } from './page-states.js';
import { parseSearchText, writeSearchText, type SearchText } from '../format/search-text.js';

const root = createRootRoute({
  component: Layout,
  notFoundComponent: NotFound,
  // Each page has a parser for its parameters.
  validateSearch: (search: Record<string, unknown>): SearchText => search as SearchText,
});

/** One route per page; a page is loaded at the first opening. */
const tree = root.addChildren([
  page('/', () => import('../pages/now/now-page.js'), 'NowPage'),
  page('/withdrawals', () => import('../pages/withdrawals/withdrawals-page.js'), 'WithdrawalsPage'),
  page(
    '/withdrawals/$ref',
    () => import('../pages/withdrawal/withdrawal-page.js'),
    'WithdrawalPage',
  ),
  page('/decide', () => import('../pages/decide/decide-page.js'), 'DecidePage'),
  page(
    '/decide/$service/$kind/$id',
    () => import('../pages/decide/decision-page.js'),
    'DecisionPage',
  ),
  page('/accounts', () => import('../pages/accounts/accounts-page.js'), 'AccountsPage'),
  page('/accounts/$id', () => import('../pages/account/account-page.js'), 'AccountPage'),
  page('/venues', () => import('../pages/venues/venues-page.js'), 'VenuesPage'),
  page('/venues/$service', () => import('../pages/venues/venue-page.js'), 'VenuePage'),
  page('/wallet', () => import('../pages/wallet/wallet-page.js'), 'WalletPage'),
  page('/ledger', () => import('../pages/ledger/ledger-page.js'), 'LedgerPage'),
  page('/audit', () => import('../pages/audit/audit-page.js'), 'AuditPage'),
  page('/policy', () => import('../pages/policy/policy-page.js'), 'PolicyPage'),
  page('/terms', () => import('../pages/terms/terms-page.js'), 'TermsPage'),
  page('/system', () => import('../pages/system/system-page.js'), 'SystemPage'),
  page('/sessions', () => import('../pages/sessions/sessions-page.js'), 'SessionsPage'),
  page('/passkeys', () => import('../pages/passkeys/passkeys-page.js'), 'PasskeysPage'),
]);

export const router = createRouter({
  routeTree: tree,
  parseSearch: parseSearchText,
  stringifySearch: writeSearchText,
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageFault,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function page<Path extends string, Name extends string>(
  path: Path,
  load: () => Promise<Readonly<Record<Name, () => React.ReactNode>>>,
  name: Name,
) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load, name),
  });
}
