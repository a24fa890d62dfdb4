import { useId, type ReactNode } from 'react';
import { mayCall, rolesSentence } from '../session/roles.js';
import { useSession } from '../session/session-provider.js';

/** Button of an action. A disabled button says which role may press it, or what is missing. */
export function RoleButton({
  roles,
  onPress,
  kind = 'plain',
  unavailable = null,
  children,
}: {
  /** Roles of the call, as in `PreparedCall.roles`. */
  readonly roles: readonly string[];
  readonly onPress: () => void;
  readonly kind?: 'plain' | 'main' | 'danger';
  /** Reason against the action for every role, as a sentence. */
  readonly unavailable?: string | null;
  readonly children: ReactNode;
}): ReactNode {
  const { session } = useSession();
  const id = useId();
  const reason = mayCall(session.roles, roles) ? unavailable : rolesSentence(roles, session.roles);
  return (
    <span className="role-button">
      <button
        type="button"
        className={`button button-${kind}`}
        {...(reason !== null && { 'aria-disabled': true, 'aria-describedby': id })}
        onClick={() => {
          if (reason === null) onPress();
        }}
      >
        {children}
      </button>
      {reason !== null && (
        <span id={id} className="small muted">
          {reason}
        </span>
      )}
    </span>
  );
}
