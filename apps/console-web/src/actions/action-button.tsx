import type { ReactNode } from 'react';
import { RoleButton } from '../components/role-button.js';
import { permittedRoles } from '../api/prepared-call.js';
import { openAction, type DialogAction } from './open-action.js';

interface ActionButtonProps extends Omit<DialogAction, 'title' | 'tone'> {
  /** Heading of the dialog; the label by default. */
  readonly title?: string;
  readonly tone?: DialogAction['tone'];
  /** Reason why the action is not offered now. */
  readonly blocked?: string | null;
}

/** Button that opens the dialog of an action. A person without the role reads which role it needs. */
export function ActionButton({
  blocked = null,
  title,
  tone = 'plain',
  ...action
}: ActionButtonProps): ReactNode {
  const { label, call } = action;
  return (
    <RoleButton
      roles={permittedRoles(call[2])}
      kind={tone}
      unavailable={blocked}
      onPress={() => openAction({ ...action, title: title ?? label, tone })}
    >
      {label}
    </RoleButton>
  );
}
