-- break-has-its-halt: Every break has stopped what it is about: its halt is of its kind, was in force when it was opened, and no break is open without having halted.
SELECT b.id, b.kind, b.subject FROM break b LEFT JOIN halt h ON h.id = b.halt_id
 WHERE h.id IS NULL OR h.reason <> b.kind OR h.lifted_at < b.opened_at
