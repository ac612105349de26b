-- One row per event in the life of a submission, and for how long (since, until) it was its last one.
create or replace view submission_step as
select
    event_id,
    submission_id,
    event,
    by_account,
    comment,
    version as since,
    lead(version) over (partition by submission_id order by version, event_id) as until,
    recorded_at
from submission_event
