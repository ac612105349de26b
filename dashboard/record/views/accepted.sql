-- One row per acceptance of a submission, and for how long (since, until) it was the current one of its dataset,
-- organisation and period. Withdrawing ends it and does not bring the former one back.
create or replace view accepted as
with acceptance as (
    select
        e.event_id,
        s.submission_id,
        s.dataset,
        s.organisation_code,
        s.period,
        e.version as since,
        e.recorded_at as accepted_at,
        lead(e.version) over (
            partition by s.dataset, s.organisation_code, s.period order by e.version, e.event_id
        ) as replaced
    from submission_event as e
    join submission as s on s.submission_id = e.submission_id
    where e.event = 'accepted'
),
ending as (
    select a.event_id, min(e.version) as ended
    from acceptance as a
    join submission_event as e
        on e.submission_id = a.submission_id
        and (e.version > a.since or (e.version = a.since and e.event_id > a.event_id))
    where e.event in ('withdrawn', 'expunged')
    group by a.event_id
)
select
    a.submission_id,
    a.dataset,
    a.organisation_code,
    a.period,
    a.since,
    case when a.replaced is null then e.ended when e.ended is null then a.replaced else least(a.replaced, e.ended) end
        as until,
    a.accepted_at
from acceptance as a
left join ending as e on e.event_id = a.event_id
