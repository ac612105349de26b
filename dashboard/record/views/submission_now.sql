-- One row per submission, with the state it is in now.
create or replace view submission_now as
select
    s.submission_id,
    s.dataset,
    s.organisation_code,
    s.period,
    s.sha256,
    s.size,
    s.row_count,
    s.contract_hash,
    s.staged_by,
    s.notes,
    s.version,
    s.recorded_at,
    e.event as state,
    e.since as state_version,
    e.recorded_at as state_at,
    e.by_account as state_by,
    e.comment
from submission as s
join submission_step as e on e.submission_id = s.submission_id and e.until is null
