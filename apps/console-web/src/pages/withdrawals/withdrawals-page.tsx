import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { WithdrawalRowDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { chosenColumns, columnsText } from '../../components/columns.js';
import { ColumnChoice, DataTable } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { stateName } from '../../format/states.js';
import { visibleText } from '../../format/visible-text.js';
import { LiveNote } from '../../live/live-note.js';
import { useLiveWithdrawals } from '../../live/use-live-withdrawals.js';
import { STANDARD_COLUMNS, WITHDRAWAL_COLUMNS } from './withdrawal-columns.js';
import { WithdrawalFilters } from './withdrawal-filters.js';
import {
  isEveryOpenState,
  listQuery,
  readSearch,
  TEXT_FILTERS,
  writeSearch,
  type WithdrawalsSearch,
} from './withdrawals-search.js';

const COLUMN_IDS = WITHDRAWAL_COLUMNS.map(({ id }) => id);

/** List of withdrawals. The URL is the view: filters, columns and page. */
export function WithdrawalsPage(): ReactNode {
  const search = readSearch(useSearch({ from: '/withdrawals' }));
  const navigate = useNavigate();
  const isConnected = useLiveWithdrawals();
  const query = useQuery({
    ...readOf(intake.withdrawals(listQuery(search))),
    placeholderData: keepPreviousData,
  });
  const show = (view: WithdrawalsSearch): void =>
    void navigate({ to: '/withdrawals', search: writeSearch(view) });
  const chosen = chosenColumns(search.columns, COLUMN_IDS, STANDARD_COLUMNS);
  return (
    <Page title="Withdrawals" aside={<LiveNote isConnected={isConnected} />}>
      <WithdrawalFilters
        key={JSON.stringify([search.filters, search.states])}
        search={search}
        onApply={(filters, states) => show({ ...search, filters, states, cursor: undefined })}
      />
      <ActiveFilters search={search} onShow={show} />
      <Panel
        title={search.cursor === undefined ? 'Newest first' : 'An older page, newest first'}
        isFlush
        aside={
          <ColumnChoice
            columns={WITHDRAWAL_COLUMNS}
            chosen={chosen}
            onChoose={(ids) => show({ ...search, columns: columnsText(ids, STANDARD_COLUMNS) })}
          />
        }
      >
        <Reading query={query} what="The withdrawals">
          {({ data, next_cursor: next }) => (
            <Rows
              rows={data}
              next={next}
              search={search}
              chosen={chosen}
              isOld={query.isPlaceholderData}
            />
          )}
        </Reading>
      </Panel>
    </Page>
  );
}

function Rows({
  rows,
  next,
  search,
  chosen,
  isOld,
}: {
  readonly rows: readonly WithdrawalRowDto[];
  readonly next: string | null;
  readonly search: WithdrawalsSearch;
  readonly chosen: readonly string[];
  /** True while the rows of another view are still shown. */
  readonly isOld: boolean;
}): ReactNode {
  const more = 'This page has read as many withdrawals as one page may. Open the next page.';
  return (
    <div aria-busy={isOld} className={isOld ? 'is-old' : undefined}>
      <DataTable
        label="Withdrawals"
        columns={WITHDRAWAL_COLUMNS.filter(({ id }) => chosen.includes(id))}
        rows={rows}
        keyOf={({ id }) => id}
        empty={next === null ? 'No withdrawal has these properties.' : more}
      />
      <nav className="pager" aria-label="Pages of the list">
        <span role="status" className="muted">
          {isOld
            ? 'The withdrawals are being read.'
            : `${rows.length} ${rows.length === 1 ? 'withdrawal' : 'withdrawals'} on this page`}
        </span>
        {search.cursor !== undefined && (
          <Link to="/withdrawals" search={writeSearch({ ...search, cursor: undefined })}>
            Newest page
          </Link>
        )}
        {next !== null && (
          <Link to="/withdrawals" search={writeSearch({ ...search, cursor: next })}>
            Next page
          </Link>
        )}
      </nav>
    </div>
  );
}

/** The filters in force, each with a way to remove it. */
function ActiveFilters({
  search,
  onShow,
}: {
  readonly search: WithdrawalsSearch;
  readonly onShow: (view: WithdrawalsSearch) => void;
}): ReactNode {
  const { filters, states } = search;
  const texts = Object.entries(filters) as [keyof typeof TEXT_FILTERS, string][];
  if (texts.length === 0 && states.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters in force">
      {texts.map(([name, value]) => (
        <Chip
          key={name}
          text={`${TEXT_FILTERS[name]}: ${value}`}
          onRemove={() =>
            onShow({ ...search, filters: { ...filters, [name]: '' }, cursor: undefined })
          }
        />
      ))}
      {isEveryOpenState(states) ? (
        <Chip
          text="money may still move"
          onRemove={() => onShow({ ...search, states: [], cursor: undefined })}
        />
      ) : (
        states.map((state) => (
          <Chip
            key={state}
            text={stateName(state)}
            onRemove={() =>
              onShow({
                ...search,
                states: states.filter((other) => other !== state),
                cursor: undefined,
              })
            }
          />
        ))
      )}
      <li>
        <button
          type="button"
          className="button button-small"
          onClick={() => onShow({ ...search, filters: {}, states: [], cursor: undefined })}
        >
          Remove all
        </button>
      </li>
    </ul>
  );
}

function Chip({
  text,
  onRemove,
}: {
  readonly text: string;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <li className="badge">
      <Foreign text={text} />{' '}
      <button
        type="button"
        className="chip-remove"
        aria-label={`Remove the filter ${visibleText(text)}`}
        onClick={onRemove}
      >
        ×
      </button>
    </li>
  );
}
