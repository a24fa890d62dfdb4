import type { ReactNode } from 'react';
import { PAYS, VENUE_STATES, type VenueDraft } from './route-edit.js';

const TEXTS = [
  ['min_amount', 'Minimum'],
  ['max_amount', 'Maximum'],
  ['fee_percent', 'Fee in %'],
  ['fee_flat', 'Flat fee'],
  ['decimals', 'Decimals'],
  ['submit_within_ms', 'Begins within (ms)'],
] as const;

/** Fields of one venue of a route; an empty field is no limit, or the currency's value. */
export function RouteVenueFields({
  draft,
  position,
  onMove,
  onRemove,
  onChange,
}: {
  readonly draft: VenueDraft;
  readonly position: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  readonly onChange: (changed: Partial<VenueDraft>) => void;
}): ReactNode {
  const { venue, pays, state } = draft;
  return (
    <fieldset className="field-group">
      <legend>
        {position}. {venue}
      </legend>
      <div className="actions">
        <Step label={`Move ${venue} up`} text="Up" onPress={() => onMove(-1)} />
        <Step label={`Move ${venue} down`} text="Down" onPress={() => onMove(1)} />
        <Step label={`Remove ${venue} from the route`} text="Remove" onPress={onRemove} />
      </div>
      <div className="filters">
        <label className="field">
          <span>State</span>
          <select value={state} onChange={({ target }) => onChange({ state: target.value })}>
            {VENUE_STATES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {TEXTS.map(([field, name]) => (
          <label key={field} className="field">
            <span>{name}</span>
            <input
              value={draft[field]}
              inputMode="decimal"
              autoComplete="off"
              onChange={({ target }) => onChange({ [field]: target.value.trim() })}
            />
          </label>
        ))}
      </div>
      <div className="choices" role="group" aria-label={`Destinations that ${venue} pays`}>
        {PAYS.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={pays.includes(kind)}
              onChange={({ target }) =>
                onChange({
                  pays: PAYS.filter((one) => (one === kind ? target.checked : pays.includes(one))),
                })
              }
            />
            {kind.replaceAll('_', ' ')}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Step({
  label,
  text,
  onPress,
}: {
  readonly label: string;
  readonly text: string;
  readonly onPress: () => void;
}): ReactNode {
  return (
    <button type="button" className="button button-small" aria-label={label} onClick={onPress}>
      {text}
    </button>
  );
}
