-- sent-only-what-was-asked: no venue was sent what was not asked for (compared each minute with what the connectors report)
SELECT withdrawal_id, trigger, detail FROM withdrawal_case WHERE trigger IN ('sent_not_asked', 'sent_not_as_asked')
