import type { ReactNode } from 'react';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { useConnectors } from '../../reading/use-services.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { ConnectorTable } from './connector-table.js';
import { HaltEverywhere } from './halt-everywhere.js';
import { OpenHalts } from './halts.js';
import { RouteEditor } from './route-editor.js';
import { Routes } from './routes.js';

/** All connectors, the halts in force, and the routes. */
export function VenuesPage(): ReactNode {
  const connectors = useConnectors();
  const { route } = useSearchText();
  return (
    <Page title="Venues" aside={<HaltEverywhere />}>
      <Panel title="Connectors" isFlush>
        <ConnectorTable connectors={connectors} />
      </Panel>
      <OpenHalts services={['intake-api', ...connectors]} />
      <Routes />
      {route !== undefined && <RouteEditor key={route} asset={route} />}
    </Page>
  );
}
